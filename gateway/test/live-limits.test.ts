import { describe, expect, test } from 'vitest';
import { receive, startLiveEdge, wsClient } from './support/live-edge.ts';
import { openSocket, post, request } from './support/live-wire.ts';

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
