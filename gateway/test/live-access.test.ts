import { CloseCode } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { createSigningKey, signAccessToken } from './support/keys.ts';
import { receive, sseClient, startLiveEdge, wsClient } from './support/live-edge.ts';
import { codesIn, openSocket, post, request } from './support/live-wire.ts';

const secret = { query: 'subscription { secretChanged { version } }' };

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
