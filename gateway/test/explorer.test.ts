import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEdge } from './support/edge.ts';

function makeOperations(): string {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-operations-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(
    join(folder, 'a-greeting.graphql'),
    'query Greeting { hello } # </script><script>alert(1)</script>',
  );
  writeFileSync(join(folder, 'campaign-screen.graphql'), 'query Screen { items { name } }');
  return folder;
}

const html = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };

test('a browser gets an explorer that comes whole, loads nothing and offers the examples', async () => {
  const edge = await startEdge({ EXPLORER: 'on', OPERATIONS_PATH: makeOperations() });
  const response = await fetch(`${edge.url}/`, html);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-encoding')).toBe('gzip');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]{44}' blob:/);
  expect(policy).not.toMatch(/https?:/);
  const page = await response.text();
  expect(/<(script|link|img|iframe)[^>]+(src|href)="(https?:)?\/\//.test(page)).toBe(false);
  expect(page.includes('query Greeting {')).toBe(true);
  expect(page.includes(String.raw`{ \"banyan-cost\": \"1\" }`)).toBe(true);
  expect(page.indexOf('query Screen')).toBeLessThan(page.indexOf('query Greeting'));
  expect(page.includes('<script>alert(1)')).toBe(false);
});

test('a program is told where the graph is', async () => {
  const edge = await startEdge({ EXPLORER: 'on' });
  expect(await (await fetch(`${edge.url}/`)).json()).toMatchObject({ graph: '/graphql' });
});

test('there is no explorer where it is off', async () => {
  const edge = await startEdge();
  expect((await fetch(`${edge.url}/`, html)).status).toBe(404);
});
