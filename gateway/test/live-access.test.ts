import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { CloseCode } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createSigningKey, signAccessToken } from './support/keys.ts';
import {
  boardChanged,
  receive,
  sseClient,
  startLiveEdge,
  wsClient,
  type LiveEdge,
} from './support/live-edge.ts';

const request = { query: boardChanged, variables: { id: 'a' } };
const secret = { query: 'subscription { secretChanged { version } }' };

/** What a WebSocket says and hears, without a client that knows the protocol. */
async function openSocket(edge: LiveEdge, protocol: string[] = ['graphql-transport-ws']) {
  const socket = new WebSocket(edge.url.replace('http', 'ws') + '/graphql', protocol);
  onTestFinished(() => {
    socket.terminate();
  });
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString('utf8')) as (typeof messages)[number]);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString('utf8') });
    });
  });
  await once(socket, 'open');
  return {
    messages,
    closed,
    socket,
    say: (message: object | string) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    heard: (type: string) => expect.poll(() => messages.map((message) => message.type)).toContain(type),
  };
}

/** Sends a subscription as plain HTTP. */
async function post(
  edge: LiveEdge,
  body: unknown,
  headers: Record<string, string> = {},
  path = '/graphql/stream',
) {
  const response = await fetch(edge.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, response };
}

function codesIn(text: string): string[] {
  return [...text.matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code);
}

describe('who may not follow something', () => {
  test.each(['sse', 'ws'] as const)('is told so at once (%s)', async (transport) => {
    const edge = await startLiveEdge();
    const authorization = `Bearer ${await edge.token({ sub: 'usr_2' })}`;
    const client =
      transport === 'sse'
        ? sseClient(edge, authorization.slice(7))
        : wsClient(edge, { connectionParams: { authorization } });
    const results = receive(client, secret);
    const refused = { extensions: { code: 'FORBIDDEN' } };
    if (transport === 'sse') expect(await results.next()).toMatchObject({ errors: [refused] });
    else await expect(results.next()).rejects.toMatchObject([refused]);
    await expect.poll(() => edge.figure('banyan_edge_live_upstreams')).toBe(0);
  });

  test('is told so when that comes to be while following', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge), request);
    await results.next();
    edge.boards.withdrawn.add('a');
    edge.boards.change();
    expect(await results.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    await expect(results.next()).rejects.toThrow('complete');
    expect(await edge.figure('banyan_edge_live_streams_total', 'refused')).toBe(1);
  });

  test('and who may gets it', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge, await edge.token({ sub: 'usr_1' })), secret);
    expect(await results.next()).toEqual({ data: { secretChanged: { version: '1' } } });
  });
});

describe('an access token', () => {
  test('that ends takes a stream of events with it, and says so', async () => {
    const edge = await startLiveEdge();
    const results = receive(sseClient(edge, await edge.token({ expiresIn: '2s' })), request);
    expect(await results.next()).toMatchObject({ data: {} });
    expect(await results.next()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' } }],
    });
    await expect(results.next()).rejects.toThrow('complete');
    await expect.poll(() => edge.figure('banyan_edge_live_subscribers')).toBe(0);
  });

  test('that ends closes a WebSocket, and a client that has a new one goes on', async () => {
    const edge = await startLiveEdge();
    const tokens = [await edge.token({ expiresIn: '2s' }), await edge.token()];
    const closes: number[] = [];
    const client = wsClient(edge, {
      connectionParams: () => ({ authorization: `Bearer ${tokens[closes.length] ?? ''}` }),
      retryAttempts: 1,
      on: { closed: (event) => closes.push((event as { code: number }).code) },
    });
    const results = receive(client, request);
    await results.next();
    await expect.poll(() => closes, { timeout: 10_000 }).toEqual([CloseCode.Forbidden]);
    edge.boards.change();
    await expect.poll(async () => (await results.next()).data?.boardChanged.version).toBe('2');
  });

  test('that is not valid is refused before anything is followed', async () => {
    const edge = await startLiveEdge();
    const forged = await signAccessToken(await createSigningKey('users-1'));
    const { status, response } = await post(edge, request, { authorization: `Bearer ${forged}` });
    expect([status, codesIn(await response.text())]).toEqual([401, ['UNAUTHENTICATED']]);
    const socket = await openSocket(edge);
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${forged}` } });
    expect((await socket.closed).code).toBe(CloseCode.Unauthorized);
    expect(edge.processes[0]?.streams).toEqual([]);
  });

  test('that has ended is told apart from one that is not valid', async () => {
    const edge = await startLiveEdge();
    const old = await edge.token({ expiresIn: '-1m' });
    const socket = await openSocket(edge);
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${old}` } });
    expect(await socket.closed).toEqual({
      code: CloseCode.Forbidden,
      reason: 'The access token has expired.',
    });
  });
});

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

describe('there is a limit', () => {
  test('on the subscriptions of a WebSocket', async () => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION: '1' } });
    const client = wsClient(edge);
    const first = receive(client, request);
    await first.next();
    await expect(receive(client, { ...request, variables: { id: 'b' } }).next()).rejects.toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxSubscriptionsPerConnection', max: 1 } },
    ]);
    edge.boards.change();
    expect((await first.next()).data?.boardChanged.version).toBe('2');
  });

  test('on the connections of a person, which is no other person’s', async () => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_CONNECTIONS_PER_CALLER: '1' } });
    const authorization = `Bearer ${await edge.token()}`;
    const first = await post(edge, request, { authorization });
    const second = await post(edge, request, { authorization });
    expect([first.status, second.status]).toEqual([200, 429]);
    expect(second.headers.get('retry-after')).toBe('5');
    const socket = await openSocket(edge);
    socket.say({ type: 'connection_init', payload: { authorization } });
    expect((await socket.closed).code).toBe(1013);
    const other = await post(edge, request, {
      authorization: `Bearer ${await edge.token({ sub: 'usr_2' })}`,
    });
    expect(other.status).toBe(200);
    await first.response.body?.cancel();
    await expect.poll(async () => (await post(edge, request, { authorization })).status).toBe(200);
  });

  test('on the WebSockets of an address, before anybody has said who it is', async () => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_CONNECTIONS_PER_ADDRESS: '1' } });
    const socket = await openSocket(edge);
    await expect(openSocket(edge)).rejects.toThrow('429');
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${await edge.token()}` } });
    await socket.heard('connection_ack');
    // It is a person's now.
    await openSocket(edge);
  });

  test('on the different subscriptions of one, who leaves room for others', async () => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_UPSTREAMS_PER_CALLER: '1' } });
    const first = await post(edge, request);
    const other = { ...request, variables: { id: 'b' } };
    expect((await post(edge, other)).status).toBe(429);
    // What is followed already takes no room.
    expect((await post(edge, request)).status).toBe(200);
    const authorization = `Bearer ${await edge.token()}`;
    expect((await post(edge, other, { authorization })).status).toBe(200);
    expect(first.status).toBe(200);
  });

  test('on all connections, and on different subscriptions', async () => {
    const connections = await startLiveEdge({ env: { LIVE_MAX_CONNECTIONS: '1' } });
    expect([(await post(connections, request)).status, (await post(connections, request)).status]).toEqual([
      200, 503,
    ]);
    const upstreams = await startLiveEdge({ env: { LIVE_MAX_UPSTREAMS: '1' } });
    const statuses = [];
    for (const id of ['a', 'a', 'b'])
      statuses.push((await post(upstreams, { ...request, variables: { id } })).status);
    expect(statuses).toEqual([200, 200, 503]);
  });
});
