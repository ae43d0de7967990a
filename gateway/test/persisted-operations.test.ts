import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@banyan/kit/service';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';

const idOf = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: idOf(text) } });

const greet = 'query Greet($name: String) {\n  hello(name: $name)\n}';
const buy = 'mutation Buy($id: ID!) {\n  buy(itemId: $id)\n}';
const stray = 'query Stray { items(first: 1) { name } }';

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

function post(edge: Edge, body: object, headers: Record<string, string> = {}) {
  return edge.send({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function get(edge: Edge, parameters: Record<string, string>) {
  return edge.send({
    path: `/graphql?${new URLSearchParams(parameters).toString()}`,
    headers: { 'apollo-require-preflight': 'true' },
  });
}

async function counted(edge: Edge, outcome: string): Promise<number> {
  const text = await (await fetch(`${edge.adminUrl}/metrics`)).text();
  const line = new RegExp(`banyan_edge_documents_total\\{outcome="${outcome}",service="gateway"\\} (\\d+)`);
  return Number(line.exec(text)?.[1] ?? 0);
}

describe('automatic persisted queries', () => {
  test('an unknown hash is answered as Apollo’s clients expect, and the query that they send then is remembered', async () => {
    const edge = await startEdge();
    const variables = { name: 'Wang' };
    const unknown = await post(edge, { variables, extensions: persisted(greet) });
    expect(unknown.status).toBe(200);
    expect(unknown.body).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    const registered = await post(edge, { query: greet, variables, extensions: persisted(greet) });
    expect(registered.body).toEqual({ data: { hello: 'Hello, Wang' } });
    const byHash = await post(edge, { variables: { name: 'Li' }, extensions: persisted(greet) });
    expect(byHash.body).toEqual({ data: { hello: 'Hello, Li' } });
    const byGet = await get(edge, { extensions: JSON.stringify(persisted(greet)) });
    expect(byGet.body).toEqual({ data: { hello: 'Hello, stranger' } });
  });

  test('a hash that is not of the query that comes with it registers nothing', async () => {
    const edge = await startEdge();
    const wrong = await post(edge, { query: stray, extensions: persisted(greet) });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors?.[0]?.message).toBe('provided sha does not match query');
    expect((await post(edge, { extensions: persisted(greet) })).body.errors?.[0]?.message).toBe(
      'PersistedQueryNotFound',
    );
  });

  test('what cannot be parsed, is over a limit, or is not valid is not remembered', async () => {
    const edge = await startEdge({ MAX_DEPTH: '1' });
    for (const text of ['query Broken {', '{ items { name } }', '{ nothing }', '{ hello(name: 1) }']) {
      await post(edge, { query: text, extensions: persisted(text) });
      const again = await post(edge, { extensions: persisted(text) });
      expect(again.body.errors?.[0]?.extensions['code']).toBe('PERSISTED_QUERY_NOT_FOUND');
    }
  });

  test('a query that is too long is answered and not remembered', async () => {
    const edge = await startEdge();
    const long = `{ hello } # ${'x'.repeat(16_000)}`;
    const answer = await post(edge, { query: long, extensions: persisted(long) });
    expect(answer.body.data).toEqual({ hello: 'Hello, stranger' });
    expect((await post(edge, { extensions: persisted(long) })).body.data).toBeUndefined();
  });

  test('the memory for them is bounded: the least used make room', async () => {
    const edge = await startEdge({ APQ_MAX_BYTES: '1000' });
    const send = (text: string) => post(edge, { query: text, extensions: persisted(text) });
    const isKept = async (text: string) =>
      (await post(edge, { extensions: persisted(text) })).body.data !== undefined;
    const texts = Array.from({ length: 8 }, (_text, index) => `{ hello } # ${index}`);
    for (const text of texts) await send(text);
    const kept = await Promise.all(texts.map(isKept));
    expect(kept.filter(Boolean).length).toBeGreaterThan(0);
    expect(kept.filter(Boolean).length).toBeLessThan(8);
    expect(kept[7]).toBe(true);
  });

  test('rubbish does not push out what others ask for', async () => {
    const edge = await startEdge({ APQ_MAX_BYTES: '1000' });
    await post(edge, { query: greet, extensions: persisted(greet) });
    for (let nth = 0; nth < 8; nth += 1) {
      const rubbish = `{ nothing${nth} }`;
      await post(edge, { query: rubbish, extensions: persisted(rubbish) });
    }
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeDefined();
  });

  test('where they are off, clients are told to send queries', async () => {
    const edge = await startEdge({ APQ: 'off' });
    const { status, body } = await post(edge, { extensions: persisted(greet) });
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
    ]);
    expect((await post(edge, { query: greet, extensions: persisted(greet) })).body.data).toBeDefined();
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeUndefined();
  });

  test.each([
    [{ extensions: { persistedQuery: { version: 2, sha256Hash: idOf(greet) } } }, 'Unsupported persisted'],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'beef' } } }, '"sha256Hash" takes'],
    [{ documentId: 'md5:beef' }, '"documentId" takes'],
    [{ documentId: `sha256:${idOf(greet)}`, query: greet }, 'Send either "query" or "documentId".'],
    [{ documentId: null }, '"documentId" takes'],
  ])('a wrong id is explained: %j', async (body, problem) => {
    const edge = await startEdge();
    const answer = await post(edge, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]?.message).toContain(problem);
  });
});

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

describeWithRedis('several gateways', () => {
  test('share what one of them remembers, and take nothing from Redis that is not what the hash says', async () => {
    const REDIS_URL = await testRedis();
    const [first, second] = [await startEdge({ REDIS_URL }), await startEdge({ REDIS_URL })];
    await expect
      .poll(
        async () => {
          // The first to register may be quicker than its connection to Redis.
          const fresh = `{ hello } # ${randomUUID()}`;
          await post(first, { query: fresh, extensions: persisted(fresh) });
          return (await post(second, { extensions: persisted(fresh) })).body;
        },
        { timeout: 10_000 },
      )
      .toEqual({ data: { hello: 'Hello, stranger' } });

    const redis = createClient({ url: REDIS_URL });
    await redis.connect();
    onTestFinished(() => redis.close());
    await redis.set(`edge:document:${idOf(greet)}`, stray);
    const forged = await post(second, { extensions: persisted(greet) });
    expect(forged.body.errors?.[0]?.message).toBe('PersistedQueryNotFound');
  });

  test('go on without it', async () => {
    const edge = await startEdge({ REDIS_URL: 'redis://127.0.0.1:1' });
    await post(edge, { query: greet, extensions: persisted(greet) });
    expect((await post(edge, { extensions: persisted(greet) })).body.data).toBeDefined();
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
