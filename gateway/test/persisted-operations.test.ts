import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@banyan/kit/service';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';
import { get, greet, idOf, persisted, post, stray } from './support/persisted-operations.ts';

const buy = 'mutation Buy($id: ID!) {\n  buy(itemId: $id)\n}';

/** Settings for an edge that has these operations in its manifest. */
function manifestOf(bodies: readonly string[], wrong: object = {}): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-manifest-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const operations = bodies.map((body) => {
    const [, type = '', name = ''] = /^(\w+) (\w+)/.exec(body) ?? [];
    return { id: idOf(body), name, type, body };
  });
  const path = join(folder, 'manifest.json');
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations, ...wrong };
  writeFileSync(path, JSON.stringify(manifest));
  return { OPERATIONS_MANIFEST: path };
}

async function counted(edge: Edge, outcome: string): Promise<number> {
  const text = await (await fetch(`${edge.adminUrl}/metrics`)).text();
  const line = new RegExp(`banyan_edge_documents_total\\{outcome="${outcome}",service="gateway"\\} (\\d+)`);
  return Number(line.exec(text)?.[1] ?? 0);
}

describe('operations of the manifest', () => {
  test('are served by their id, in each of the ways to say it', async () => {
    const edge = await startEdge({ PERSISTED_OPERATIONS: 'prefer', ...manifestOf([greet, buy]) });
    const data = { hello: 'Hello, stranger' };
    expect((await post(edge, { documentId: `sha256:${idOf(greet)}` })).body).toEqual({ data });
    expect((await post(edge, { documentId: idOf(greet) })).body).toEqual({ data });
    expect((await post(edge, { extensions: persisted(greet) })).body).toEqual({ data });
    expect((await get(edge, { documentId: `sha256:${idOf(greet)}` })).body).toEqual({ data });
    expect((await post(edge, { documentId: idOf(buy), variables: { id: 'itm_1' } })).body).toEqual({
      data: { buy: 'bought itm_1' },
    });
    expect(await counted(edge, 'known')).toBe(5);
  });

  test('a GET runs no mutation, by whatever name', async () => {
    const edge = await startEdge({ PERSISTED_OPERATIONS: 'prefer', ...manifestOf([buy]) });
    const { status } = await get(edge, { documentId: idOf(buy), variables: '{"id":"itm_1"}' });
    expect(status).toBe(405);
    expect(edge.shop.hops).toBe(0);
  });

  test('in the modes log and prefer others are served and counted', async () => {
    for (const mode of ['log', 'prefer']) {
      const edge = await startEdge({ PERSISTED_OPERATIONS: mode, ...manifestOf([greet]) });
      expect((await edge.ask(stray)).body.data).toEqual({ items: [{ name: 'Item itm_1' }] });
      expect((await edge.ask(greet)).body.data).toBeDefined();
      expect({ unknown: await counted(edge, 'unknown'), known: await counted(edge, 'known') }).toEqual({
        unknown: 1,
        known: 1,
      });
    }
  });

  test('in the mode enforce the public gets nothing else, and staff do', async () => {
    const edge = await startEdge({ PERSISTED_OPERATIONS: 'enforce', ...manifestOf([greet]) });
    const refused = { code: 'PERSISTED_OPERATION_REQUIRED' };
    const person = { authorization: `Bearer ${await edge.token()}` };
    for (const headers of [{}, person]) {
      expect((await edge.ask(greet, { headers })).body.data).toEqual({ hello: 'Hello, stranger' });
      for (const body of [
        { query: stray },
        { query: stray, extensions: persisted(stray) },
        { extensions: persisted(stray) },
        { query: `${greet} ` },
        { query: '{ __schema { queryType { name } } }' },
      ]) {
        const answer = await post(edge, body, headers);
        expect(answer.status).toBe(403);
        expect(answer.body.errors?.[0]?.extensions).toEqual(refused);
      }
    }
    const staff = await edge.token({ roles: ['SRE'] });
    const answer = await edge.ask(stray, { headers: { authorization: `Bearer ${staff}` } });
    expect(answer.body.data).toEqual({ items: [{ name: 'Item itm_1' }] });
    expect(await counted(edge, 'refused')).toBe(10);
  });

  test('an edge whose manifest is missing or forged does not start, and says why', async () => {
    const start = (env: Record<string, string>) => startEdge({ PERSISTED_OPERATIONS: 'enforce', ...env });
    await expect(start({ OPERATIONS_MANIFEST: '/nowhere.json' })).rejects.toThrow(
      'OPERATIONS_MANIFEST: /nowhere.json cannot be read',
    );
    const forged = { operations: [{ id: idOf(greet), name: 'Greet', type: 'query', body: stray }] };
    await expect(start(manifestOf([], forged))).rejects.toThrow('The id is not the SHA-256 of the body.');
    await expect(start(manifestOf([], { version: 2 }))).rejects.toThrow('is no manifest of operations');
  });
});

describe('the log of operations that are in no manifest', () => {
  const said = 'an operation is in no manifest';

  /** What an edge logs of them, without times. */
  async function startLogged(env: Record<string, string>) {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
    const log = createLogger({ service: 'gateway', level: 'info' }, { write });
    const edge = await startEdge({ PERSISTED_OPERATIONS: 'prefer', ...manifestOf([]), ...env }, {}, log);
    return { edge, told: () => lines.filter(({ msg }) => msg === said) };
  }

  test('has each once, with id and name and nothing of what a person may have typed', async () => {
    const { edge, told } = await startLogged({});
    const typed = 'query Find { hello(name: "Wang 138 0000 0001") }';
    for (const query of [typed, typed, '{ hello }']) await edge.ask(query);
    expect(told()).toMatchObject([
      { id: idOf(typed), operationName: 'Find', contract: 'public' },
      { id: idOf('{ hello }'), operationName: null, contract: 'public' },
    ]);
    expect(JSON.stringify(told())).not.toContain('Wang');
  });

  test('has the beginning of a name that goes on and on', async () => {
    const { edge, told } = await startLogged({});
    await edge.ask(`query ${'x'.repeat(1_000)} { hello }`);
    expect(told().map(({ operationName }) => operationName)).toEqual(['x'.repeat(100)]);
  });

  test('does not grow by what is refused: over a limit, over a budget, or because only registered ones run', async () => {
    const limited = await startLogged({ MAX_DEPTH: '1', QUOTA_STRANGER_REQUESTS_PER_MINUTE: '2' });
    for (const query of ['{ items { name } }', '{ broken', '{ hello }']) await limited.edge.ask(query);
    expect(limited.told()).toEqual([]);
    const enforced = await startLogged({ PERSISTED_OPERATIONS: 'enforce' });
    expect((await enforced.edge.ask(stray)).status).toBe(403);
    expect(enforced.told()).toEqual([]);
  });
});
