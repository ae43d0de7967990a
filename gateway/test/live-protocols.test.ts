import { createHash } from 'node:crypto';
import { CloseCode } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { boardChanged, startLiveEdge } from './support/live-edge.ts';
import { codesIn, openSocket, post, request } from './support/live-wire.ts';

describe('what is no subscription that can be followed is refused', () => {
  const wrong = [
    ['a query', { query: '{ board(id: "a") { version } }' }, 'BAD_REQUEST'],
    ['a field that there is not', { query: 'subscription { nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that is missing', { query: boardChanged }, 'BAD_USER_INPUT'],
    ['a variable of another type', { query: boardChanged, variables: { id: [1] } }, 'BAD_USER_INPUT'],
    ['nonsense', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    [
      'two root fields',
      { query: 'subscription { a: boardChanged(id: "a") { id } secretChanged { id } }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a document with too many aliases',
      {
        query: `subscription { boardChanged(id: "a") { ${Array.from({ length: 40 }, (_each, index) => `a${index}: id`).join(' ')} } }`,
      },
      'LIMIT_EXCEEDED',
    ],
    [
      'an operation of another name',
      { query: `${boardChanged}`, operationName: 'Other' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
  ] as const;

  test.each(wrong)('over server-sent events: %s', async (_what, body, code) => {
    const edge = await startLiveEdge();
    const { response } = await post(edge, body);
    expect(codesIn(await response.text())).toEqual([code]);
    expect(edge.processes[0]?.streams).toEqual([]);
  });

  test.each(wrong)('over a WebSocket, which stays open: %s', async (_what, payload, code) => {
    const edge = await startLiveEdge();
    const socket = await openSocket(edge);
    socket.say({ type: 'connection_init' });
    await socket.heard('connection_ack');
    socket.say({ type: 'subscribe', id: '1', payload });
    await socket.heard('error');
    expect(codesIn(JSON.stringify(socket.messages))).toEqual([code]);
    socket.say({ type: 'subscribe', id: '1', payload: request });
    await socket.heard('next');
    expect(edge.processes[0]?.streams).toHaveLength(1);
  });

  test('by plain POST, with where to send it', async () => {
    const edge = await startLiveEdge();
    const { status, response } = await post(edge, request, { accept: 'application/json' }, '/graphql');
    const text = await response.text();
    expect([status, codesIn(text)]).toEqual([400, ['BAD_REQUEST']]);
    expect(text).toContain('/graphql/stream');
  });

  test.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no query', '{}'],
  ])('with a body that is %s: 400', async (_what, body) => {
    const edge = await startLiveEdge();
    const response = await fetch(`${edge.url}/graphql/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([response.status, codesIn(await response.text())]).toEqual([400, ['BAD_REQUEST']]);
  });
});

describe('a stream of events', () => {
  test('is had by the hash of a document that was sent once, if that was valid', async () => {
    const edge = await startLiveEdge();
    /** What comes first of a subscription by its hash, after the document was sent with it. */
    const askByHash = async (query: string) => {
      const sha256Hash = createHash('sha256').update(query).digest('hex');
      const byHash = { variables: { id: 'a' }, extensions: { persistedQuery: { version: 1, sha256Hash } } };
      const [registered, again] = [await post(edge, { ...byHash, query }), await post(edge, byHash)];
      await registered.response.body?.cancel();
      for await (const chunk of again.response.body ?? []) {
        const text = Buffer.from(chunk as Uint8Array).toString('utf8');
        if (text !== ':\n\n') return text;
      }
      return '';
    };
    expect(await askByHash(boardChanged)).toContain('event: next');
    expect(codesIn(await askByHash('subscription { nothing }'))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  test('is had at /graphql too by who accepts nothing else, and by GET as browsers do', async () => {
    const edge = await startLiveEdge();
    const query = new URLSearchParams({ query: boardChanged, variables: '{"id":"a"}' });
    const [posted, got] = await Promise.all([
      post(edge, request, {}, '/graphql'),
      fetch(`${edge.url}/graphql/stream?${query}`, { headers: { accept: 'text/event-stream' } }),
    ]);
    for (const { status, headers } of [posted, got]) {
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(headers.get('cache-control')).toContain('no-store');
    }
    await Promise.all([posted.response.body?.cancel(), got.body?.cancel()]);
  });

  test('shows that it is there while nothing happens', async () => {
    const edge = await startLiveEdge({ env: { LIVE_PING_MS: '10' } });
    const { response } = await post(edge, request);
    let text = '';
    // The state may come before, between or after the signs of life.
    const hasAll = () =>
      text.includes('event: next') && text.split('\n\n').filter((part) => part === ':').length > 3;
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      if (hasAll()) break;
    }
    expect(hasAll()).toBe(true);
  });
});

describe('a WebSocket is closed', () => {
  const ack = { type: 'connection_init' };
  test.each([
    ['that does not say which protocol it speaks', [], [], CloseCode.SubprotocolNotAcceptable],
    ['that speaks no JSON', undefined, ['{'], CloseCode.BadRequest],
    ['whose message is of no type', undefined, ['{"type":"what"}'], CloseCode.BadRequest],
    [
      'that subscribes before it has said who it is',
      undefined,
      [{ type: 'subscribe', id: '1', payload: request }],
      CloseCode.Unauthorized,
    ],
    ['that begins twice', undefined, [ack, ack], CloseCode.TooManyInitialisationRequests],
    ['whose token is no text', undefined, [{ ...ack, payload: { authorization: 1 } }], CloseCode.BadRequest],
    ['that sends too much at once', undefined, ['x'.repeat(200_000)], 1009],
  ])('%s', async (_what, protocol, messages, code) => {
    const edge = await startLiveEdge();
    const socket = await openSocket(edge, protocol);
    for (const message of messages) socket.say(message);
    expect((await socket.closed).code).toBe(code);
  });

  test('that does not say who it is in time', async () => {
    const edge = await startLiveEdge({ env: { LIVE_INIT_TIMEOUT_MS: '50' } });
    const socket = await openSocket(edge);
    expect((await socket.closed).code).toBe(CloseCode.ConnectionInitialisationTimeout);
  });

  test('that gives two subscriptions one id', async () => {
    const edge = await startLiveEdge();
    const socket = await openSocket(edge);
    socket.say(ack);
    await socket.heard('connection_ack');
    const subscribe = { type: 'subscribe', id: '1', payload: request };
    socket.say(subscribe);
    socket.say(subscribe);
    expect((await socket.closed).code).toBe(CloseCode.SubscriberAlreadyExists);
    await expect.poll(() => edge.figure('banyan_edge_live_subscribers')).toBe(0);
  });

  test('that does not answer pings', async () => {
    const edge = await startLiveEdge({ env: { LIVE_PING_MS: '50' } });
    const socket = await openSocket(edge);
    socket.say(ack);
    await socket.heard('connection_ack');
    socket.socket.pause();
    await expect.poll(() => edge.figure('banyan_edge_live_dropped_total', 'silent')).toBe(1);
  });
});
