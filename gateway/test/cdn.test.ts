import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startLibraryEdges } from './support/library-edges.ts';

const idOf = (text: string) => createHash('sha256').update(text).digest('hex');
const titles = 'query Titles { books { title } }';
const readers = 'query Readers { books { title readers } }';
const note = 'query Note { books { myNote } }';

/** A gateway that remembers these documents, and how a proxy asks it. */
async function start(env: Record<string, string> = {}) {
  const edges = await startLibraryEdges({ edges: [env] });
  const graph = `${edges.urls[0]}/graphql`;
  for (const query of [titles, readers, note]) {
    const extensions = { persistedQuery: { version: 1, sha256Hash: idOf(query) } };
    const headers = { 'content-type': 'application/json' };
    await fetch(graph, { method: 'POST', headers, body: JSON.stringify({ query, extensions }) });
  }
  const getAt = (address: string, headers: Record<string, string> = {}) =>
    fetch(address, { headers: { 'apollo-require-preflight': 'true', ...headers } });
  const get = (query: string, headers: Record<string, string> = {}) =>
    getAt(`${graph}?documentId=sha256:${idOf(query)}`, headers);
  /** Asks until the gateway has heard the subgraph, which it must before it vouches for anything. */
  const getKept = async (query: string) => {
    await expect
      .poll(async () => (await get(query)).headers.get('cache-control'), { timeout: 10_000 })
      .toContain('public');
    return get(query);
  };
  return { ...edges, graph, get, getAt, getKept };
}

test('a query that is the same for everybody may be kept by proxies, for no longer than its fields allow', async () => {
  const { getKept } = await start();
  const answer = await getKept(titles);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=10, stale-while-revalidate=10');
  const varies = answer.headers.get('vary')?.split(', ');
  expect(varies).toEqual(
    expect.arrayContaining(['accept', 'accept-language', 'authorization', 'banyan-cost', 'origin']),
  );
  expect(answer.headers.get('etag')).toMatch(/^"[\w-]{27}"$/);
  expect(await answer.json()).toEqual({ data: { books: [{ title: 'One' }] } });
});

test('who has the answer gets 304, until it changes', async () => {
  const { get, getKept, ask } = await start();
  const etag = (await getKept(titles)).headers.get('etag') ?? '';
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get(titles, { 'if-none-match': known });
    expect(again.status).toBe(304);
    expect(again.headers.get('etag')).toBe(etag);
    expect(again.headers.get('cache-control')).toContain('public');
    expect(await again.text()).toBe('');
  }
  expect((await get(titles, { 'if-none-match': '"other"' })).status).toBe(200);
  await ask('mutation { retitle(id: "bok_1", title: "Two") }');
  await expect
    .poll(async () => (await get(titles, { 'if-none-match': etag })).status, { timeout: 10_000 })
    .toBe(200);
});

test('an answer in another media type is another answer', async () => {
  const { get, getKept } = await start();
  const etag = (await getKept(titles)).headers.get('etag') ?? '';
  const accept = 'application/graphql-response+json';
  await expect
    .poll(async () => (await get(titles, { accept })).headers.get('etag'), { timeout: 10_000 })
    .toMatch(/^"/);
  expect((await get(titles, { accept, 'if-none-match': etag })).status).toBe(200);
});

test('what is said to one caller alone is not in what proxies keep', async () => {
  const { get, getKept } = await start();
  const shared = [...(await getKept(titles)).headers.keys()];
  expect(shared).not.toContain('ratelimit');
  expect(shared).not.toContain('x-request-id');
  expect([...(await get(readers)).headers.keys()]).toEqual(
    expect.arrayContaining(['ratelimit', 'x-request-id']),
  );
});

test('everything else is kept by nobody', async () => {
  const { graph, get, getAt, getKept, library, token } = await start();
  await getKept(titles);
  const person = { authorization: `Bearer ${await token('usr_1')}` };
  const answers = {
    'a person, though all would get the same': await get(titles, person),
    'a field that must be read anew': await get(readers),
    'a field that belongs to the reader': await get(note),
    'a query that comes as text': await getAt(`${graph}?query=${encodeURIComponent(titles)}`),
    'a client with a deadline of its own': await get(titles, { 'banyan-deadline-ms': '5000' }),
    'a client who asks what it cost': await get(titles, { 'banyan-cost': '1' }),
    'an unknown document': await getAt(`${graph}?documentId=${idOf('{ nothing }')}`),
    'a POST': await fetch(graph, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: idOf(titles) }),
    }),
  };
  const kept = Object.entries(answers).filter(
    ([, { headers }]) => headers.get('cache-control')?.includes('public') !== false || headers.has('etag'),
  );
  expect(kept.map(([what]) => what)).toEqual([]);
  await library.stop();
  const failed = await get(readers);
  expect(failed.headers.get('cache-control')).toBe('no-store');
});

test('without copies, or where proxies are not to keep anything, nothing is', async () => {
  for (const setting of ['CACHE=off', 'CDN_MAX_AGE_SECONDS=0']) {
    const { get } = await start(Object.fromEntries([setting.split('=')]) as Record<string, string>);
    for (let times = 0; times < 5; times += 1) {
      expect((await get(titles)).headers.get('cache-control')).toBe('no-store');
    }
  }
});
