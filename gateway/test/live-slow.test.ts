import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { isGrowing, readUntil, type Followed } from './support/board-versions.ts';
import { receive, sseClient, startLiveEdge, type LiveEdge, type Received } from './support/live-edge.ts';

const patience = { timeout: 15_000 };

/** Subscribes and reads only when it is told to. */
async function openSlowClient(edge: LiveEdge): Promise<Socket> {
  const { port } = new URL(edge.url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const query = 'subscription { boardChanged(id: "a") { version filler } }';
  const body = JSON.stringify({ query });
  socket.write(
    `POST /graphql/stream HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(socket, 'data');
  socket.pause();
  return socket;
}

/** Expects of a figure what it becomes while boards change and a quick client reads each change. */
function changing(edge: LiveEdge, quick: Received<Followed>, figure: () => Promise<number>) {
  return expect.poll(
    async () => {
      const version = edge.boards.change();
      await readUntil(quick, version);
      return figure();
    },
    { timeout: 15_000, interval: 0 },
  );
}

describe('a client that does not read', () => {
  const large = { query: 'subscription { boardChanged(id: "a") { version filler } }' };

  test('gets the newest state alone when it reads again, and holds back nobody', async () => {
    const edge = await startLiveEdge();
    edge.boards.fillerCharacters = 500_000;
    const slow = await openSlowClient(edge);
    const quick = receive<Followed>(sseClient(edge), large);
    await quick.next();
    // What the system buffers for a connection is some megabytes.
    await changing(edge, quick, () =>
      edge.figure('banyan_edge_live_results_total', 'coalesced'),
    ).toBeGreaterThan(2);
    const versions = await new Promise<bigint[]>((resolve) => {
      let text = '';
      slow.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const found = [...text.matchAll(/"version":"(\d+)"/g)].map(([, version = '']) => BigInt(version));
        if (found.at(-1) === edge.boards.versionOf('a')) resolve(found);
      });
      slow.resume();
    });
    expect(isGrowing(versions)).toBe(true);
    expect(versions.length).toBeLessThan(Number(edge.boards.versionOf('a')));
  }, 30_000);

  test('is dropped when that lasts, with the reason in the figures', async () => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_STALL_MS: '1' } });
    edge.boards.fillerCharacters = 500_000;
    const slow = await openSlowClient(edge);
    const closed = once(slow, 'close');
    const quick = receive<Followed>(sseClient(edge), large);
    await quick.next();
    await changing(edge, quick, () => edge.figure('banyan_edge_live_dropped_total', 'slow')).toBe(1);
    slow.resume();
    await closed;
    edge.boards.change();
    expect((await quick.next()).data?.boardChanged.version).toBeDefined();
  }, 30_000);
});

/** Opens a WebSocket that asks and never reads. */
async function openDeafSocket(edge: LiveEdge): Promise<WebSocket> {
  const socket = new WebSocket(`${edge.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => {
    socket.terminate();
  });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  socket.pause();
  return socket;
}

describe('a client that asks on and on', () => {
  const long = 'x'.repeat(50_000);
  /** More than what the system buffers for a connection. */
  const times = 600;
  const questions = [
    ['for signs of life', () => ({ type: 'ping', payload: { long } })],
    [
      'for what it cannot have',
      (time: number) => ({ type: 'subscribe', id: `${long}${time}`, payload: { query: '{' } }),
    ],
  ] as const;

  test.each(questions)('%s and does not read is not read either, and dropped', async (_what, messageOf) => {
    const edge = await startLiveEdge({ env: { LIVE_MAX_STALL_MS: '1' } });
    const socket = await openDeafSocket(edge);
    for (let time = 0; time < times; time += 1) socket.send(JSON.stringify(messageOf(time)));
    await expect.poll(() => edge.figure('banyan_edge_live_dropped_total', 'slow'), patience).toBe(1);
    // What was not read stays with the client.
    expect(socket.bufferedAmount).toBeGreaterThan(0);
  });

  test.each(questions)('%s and reads in the end is answered it all', async (_what, messageOf) => {
    const edge = await startLiveEdge();
    const socket = await openDeafSocket(edge);
    const all = Promise.withResolvers<void>();
    let answers = 0;
    socket.on('message', () => {
      answers += 1;
      if (answers === times) all.resolve();
    });
    for (let time = 0; time < times; time += 1) socket.send(JSON.stringify(messageOf(time)));
    await expect.poll(() => edge.figure('banyan_edge_live_dropped_total')).toBe(0);
    socket.resume();
    await all.promise;
  });
});
