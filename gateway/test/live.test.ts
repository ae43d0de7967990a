import { describe, expect, test } from 'vitest';
import {
  boardChanged,
  receive,
  sseClient,
  startLiveEdge,
  withTitle,
  wsClient,
  type LiveEdge,
} from './support/live-edge.ts';

const transports = [
  ['server-sent events', (edge: LiveEdge, token?: string) => sseClient(edge, token)],
  [
    'a WebSocket',
    (edge: LiveEdge, token?: string) =>
      wsClient(edge, token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  ],
] as const;

describe.each(transports)('over %s', (_transport, clientOf) => {
  test('the state comes at once, and the new one after each change', async () => {
    const edge = await startLiveEdge();
    const results = receive(clientOf(edge), { query: boardChanged, variables: { id: 'a' } });
    expect(await results.next()).toEqual({ data: { boardChanged: { version: '1' } } });
    edge.boards.change();
    expect(await results.next()).toEqual({ data: { boardChanged: { version: '2' } } });
  });

  test('what other subgraphs know of it comes with every event', async () => {
    const edge = await startLiveEdge();
    const results = receive(clientOf(edge), { query: withTitle, variables: { id: 'a' } });
    expect(await results.next()).toEqual({ data: { boardChanged: { version: '1', title: 'Board a' } } });
    edge.boards.change();
    expect(await results.next()).toEqual({ data: { boardChanged: { version: '2', title: 'Board a' } } });
  });

  test('a subgraph that does not answer leaves its fields empty, and the rest is told', async () => {
    const edge = await startLiveEdge();
    await edge.titles.stop();
    const results = receive(clientOf(edge), { query: withTitle, variables: { id: 'a' } });
    expect(await results.next()).toMatchObject({
      data: { boardChanged: { version: '1', title: null } },
      errors: [{ path: ['boardChanged', 'title'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  });

  test('aliases, fragments and conditions are as in any operation', async () => {
    const edge = await startLiveEdge();
    const query = `subscription Follow($id: ID!, $titled: Boolean!) { board: boardChanged(id: $id) { ...Shown } }
      fragment Shown on Board { __typename v: version title @include(if: $titled) }`;
    const results = receive(clientOf(edge), { query, variables: { id: 'a', titled: false } });
    expect(await results.next()).toEqual({ data: { board: { __typename: 'Board', v: '1' } } });
    expect(edge.boards.titlesAsked).toBe(0);
  });

  test('whoever leaves costs nothing any longer', async () => {
    const edge = await startLiveEdge();
    const results = receive(clientOf(edge), { query: boardChanged, variables: { id: 'a' } });
    await results.next();
    expect(await edge.figure('banyan_edge_live_subscribers')).toBe(1);
    results.leave();
    await expect.poll(() => edge.figure('banyan_edge_live_subscribers')).toBe(0);
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(0);
  });
});

describe('many who ask the same', () => {
  test('share one stream, and an event is resolved once for all of them', async () => {
    const edge = await startLiveEdge();
    const sse = sseClient(edge);
    const ws = wsClient(edge);
    const all = Array.from({ length: 40 }, (_each, index) =>
      receive(index % 2 === 0 ? sse : ws, { query: withTitle, variables: { id: 'a' } }),
    );
    await Promise.all(all.map((results) => results.next()));
    expect(await edge.figure('banyan_edge_live_subscribers')).toBe(40);
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);
    // One for whoever came first, and one for each moment in which others came.
    expect(edge.processes[0]?.streams.length).toBeLessThan(40);

    const asked = edge.boards.titlesAsked;
    edge.boards.change();
    const answers = await Promise.all(all.map((results) => results.next()));
    expect(new Set(answers.map(({ data }) => data?.boardChanged.version))).toEqual(new Set(['2']));
    expect(edge.boards.titlesAsked).toBe(asked + 1);
  });

  test('are the same whatever white space, other variables and the order of names', async () => {
    const edge = await startLiveEdge();
    const client = wsClient(edge);
    const one = receive(client, { query: boardChanged, variables: { id: 'a', more: 1 } });
    await one.next();
    const other = receive(client, { query: boardChanged.replaceAll(' ', '\n  '), variables: { id: 'a' } });
    await other.next();
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);
    const different = receive(client, { query: boardChanged, variables: { id: 'b' } });
    await different.next();
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(2);
  });

  test.each([
    ['zh', 'zh-CN,zh;q=0.9', 'ZH-Hant'],
    ['en', 'en-GB', 'de', '*'],
  ])('are the same whichever way they ask for one language: %s, %s, …', async (...accepted) => {
    const edge = await startLiveEdge();
    for (const language of accepted) {
      const client = sseClient(edge, undefined, { headers: { 'accept-language': language } });
      await receive(client, { query: boardChanged, variables: { id: 'a' } }).next();
    }
    expect(await edge.figure('banyan_edge_live_subscribers')).toBe(accepted.length);
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);
  });

  test('are told of changes in quick succession once, with the newest state', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge), { query: withTitle, variables: { id: 'a' } });
    await results.next();
    const { promise, resolve } = Promise.withResolvers<void>();
    edge.boards.titles = promise;
    const asked = edge.boards.titlesAsked;
    edge.boards.change();
    await expect.poll(() => edge.boards.titlesAsked).toBe(asked + 1);
    for (let changes = 0; changes < 5; changes += 1) {
      const before = await edge.figure('banyan_edge_live_events_total', 'coalesced');
      edge.boards.change();
      if (changes > 0)
        await expect
          .poll(() => edge.figure('banyan_edge_live_events_total', 'coalesced'))
          .toBeGreaterThan(before);
    }
    resolve();
    expect((await results.next()).data?.boardChanged.version).toBe('2');
    expect((await results.next()).data?.boardChanged.version).toBe('7');
    expect(edge.boards.titlesAsked).toBe(asked + 2);
  });
});

test('whoever comes later gets what is so then, though nobody was told of it', async () => {
  const edge = await startLiveEdge();
  const client = wsClient(edge);
  const early = receive(client, { query: boardChanged, variables: { id: 'a' } });
  await early.next();
  edge.boards.changeSilently();
  const late = receive(client, { query: boardChanged, variables: { id: 'a' } });
  expect((await late.next()).data?.boardChanged.version).toBe('2');
  expect((await early.next()).data?.boardChanged.version).toBe('2');
});

describe('what is one person’s', () => {
  const query = 'subscription { boardChanged(id: "a") { seenBy } }';
  type Seen = { boardChanged: { seenBy: string | null } };

  test('is never shared with another, nor with strangers', async () => {
    const edge = await startLiveEdge();
    const clients = [
      sseClient(edge, await edge.token({ sub: 'usr_1' })),
      sseClient(edge, await edge.token({ sub: 'usr_2' })),
      sseClient(edge),
    ];
    const all = clients.map((client) => receive<Seen>(client, { query }));
    const answers = await Promise.all(all.map((results) => results.next()));
    expect(answers.map(({ data }) => data?.boardChanged.seenBy)).toEqual(['usr_1', 'usr_2', null]);
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(3);
  });

  test('is left out where a signed-in client asks as nobody, to share what all see', async () => {
    const edge = await startLiveEdge();
    const stranger = receive<Seen>(wsClient(edge), { query });
    await stranger.next();
    const authorization = `Bearer ${await edge.token()}`;
    const client = wsClient(edge, { connectionParams: { authorization } });
    const signedIn = receive<Seen>(client, { query, extensions: { anonymous: true } });
    expect((await signedIn.next()).data?.boardChanged.seenBy).toBeNull();
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);
  });
});

describe('another version of the graph', () => {
  test('is gone over to under the feet of those who follow', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge), { query: boardChanged, variables: { id: 'a' } });
    await results.next();
    await edge.app.swapSupergraph(edge.supergraphSdl);
    edge.boards.change();
    expect((await results.next()).data?.boardChanged.version).toBe('2');
    expect(await edge.figure('banyan_edge_live_subscribers')).toBe(1);
  });

  test('ends what is not valid on it any longer, and says why', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge), { query: withTitle, variables: { id: 'a' } });
    await results.next();
    await edge.app.swapSupergraph(edge.supergraphSdl.replaceAll(/^ +title: String.*$/gm, ''));
    expect(await results.next()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    await expect(results.next()).rejects.toThrow('complete');
  });
});
