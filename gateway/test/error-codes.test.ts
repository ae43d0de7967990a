import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCodes, errorCodeTable } from '../src/error-codes.ts';
import { defaultLimits } from '../src/limits/limits.ts';
import { startEdge, type Answer } from './support/edge.ts';

const root = new URL('../../', import.meta.url);
/** As it reads, whatever the columns are padded with. */
const plain = (table: string) =>
  table
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/\| ?(---)? ?/g, '|$1');
const docs = readFileSync(new URL('docs/limits.md', root), 'utf8');
const known = Object.keys(errorCodes);

test('the documentation names every code', () => {
  expect(plain(docs)).toContain(plain(errorCodeTable()));
});

test('the documentation names every limit with its default', () => {
  for (const [name, value] of Object.entries(defaultLimits)) {
    const setting = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    expect(plain(docs)).toContain(`|\`${setting}\` |${value} |`);
  }
});

test('no code is given that is not listed', () => {
  const files = globSync(
    ['gateway/src/**/*.ts', 'infra/kit/src/graphql/**/*.ts', 'subgraphs/*/src/**/*.ts'],
    {
      cwd: fileURLToPath(root),
    },
  );
  const unlisted = files.flatMap((file) => {
    const text = readFileSync(new URL(file, root), 'utf8');
    const given = [...text.matchAll(/extensions: \{ code: '([A-Z_]+)'|shownError\(\s*'([A-Z_]+)'/g)];
    const codes = given.map(([, first, second]) => first ?? second ?? '');
    return codes.filter((code) => !known.includes(code)).map((code) => `${file}: ${code}`);
  });
  expect(files.length).toBeGreaterThan(100);
  expect(unlisted).toEqual([]);
});

test('an error looks the same wherever it comes from', async () => {
  const edge = await startEdge({ INTROSPECTION: 'off', QUOTA_STRANGER_REQUESTS_PER_MINUTE: '9' });
  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    edge.send({ method: 'POST', body, headers });
  const answers: Answer[] = [
    await post('{'),
    await post('[]'),
    await post('{"query":"{ hello }"}', { 'content-type': 'text/plain' }),
    await edge.send({ method: 'PUT' }),
    await edge.send({ path: '/nowhere' }),
    await edge.ask('{ hello }', { headers: { authorization: 'Bearer x' } }),
    await edge.ask('{ hello'),
    await edge.ask('{ helo }'),
    await edge.ask('{ hello }', { operationName: 'Other' }),
    await edge.ask('query ($n: Int) { items(first: $n) { id } }', { variables: { n: 'x' } }),
    await edge.ask('{ items(first: 101) { id } }'),
    await edge.ask('{ __schema { queryType { name } } }'),
    await edge.ask('{ broken forbidden busy items(first: 2) { price { minor } } }'),
    await edge.ask('{ busy }'),
    await edge.ask('subscription { hello }'),
    await edge.ask('{ hello }'),
  ];
  expect(answers.at(-1)?.status).toBe(429);
  for (const { status, body } of answers) {
    expect(status === 200 || status >= 400).toBe(true);
    expect(body.errors?.length).toBeGreaterThan(0);
    for (const { extensions, ...error } of body.errors ?? []) {
      // A price has a code that its own subgraph of the test has made up.
      expect([...known, 'PRICE_MISSING']).toContain(extensions['code']);
      expect(['message', 'path', 'locations']).toEqual(expect.arrayContaining(Object.keys(error)));
      expect(error.message).toMatch(/^\S.*$/);
    }
  }
});
