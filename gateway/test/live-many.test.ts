import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { startLiveEdge, withTitle, type LiveEdge } from './support/live-edge.ts';

const subscribers = 5_000;
/** Connections that are being opened at once. */
const atOnce = 250;
const payload = { query: withTitle, variables: { id: 'a' } };

/** A client in as little as will do: it keeps the versions that each of its subscriptions is told, in order. */
interface SmallClient {
  readonly versions: readonly string[][];
  opened(): Promise<unknown>;
  close(): void;
}

function versionsIn(text: string): string[] {
  return [...text.matchAll(/"version":"(\d+)"/g)].map(([, version = '']) => version);
}

/** One subscription over server-sent events. */
class EventsClient implements SmallClient {
  readonly #socket: Socket;
  readonly versions: readonly string[][] = [[]];

  constructor(edge: LiveEdge) {
    this.#socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
    const body = JSON.stringify(payload);
    this.#socket.write(
      `POST /graphql/stream HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    this.#socket.on('data', (chunk) => this.versions[0]?.push(...versionsIn(chunk.toString('latin1'))));
  }

  opened(): Promise<unknown> {
    return once(this.#socket, 'data');
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** As many subscriptions as one WebSocket may have. */
class SocketClient implements SmallClient {
  static readonly subscriptions = 50;
  readonly #socket: WebSocket;
  readonly versions: readonly string[][] = Array.from({ length: SocketClient.subscriptions }, () => []);

  constructor(edge: LiveEdge) {
    this.#socket = new WebSocket(`${edge.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    this.#socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      const [, id = ''] = /^\{"id":"(\d+)","type":"next"/.exec(text) ?? [];
      this.versions[Number(id)]?.push(...versionsIn(text));
    });
  }

  async opened(): Promise<void> {
    await once(this.#socket, 'open');
    this.#socket.send('{"type":"connection_init"}');
    await once(this.#socket, 'message');
    for (const id of this.versions.keys())
      this.#socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload }));
  }

  close(): void {
    this.#socket.terminate();
  }
}

test.each([
  ['over server-sent events', 1, (edge: LiveEdge) => new EventsClient(edge)],
  ['over WebSockets of fifty', SocketClient.subscriptions, (edge: LiveEdge) => new SocketClient(edge)],
])(
  'five thousand subscribers %s share one stream and one resolved event',
  async (_over, each, open) => {
    const edge = await startLiveEdge({
      env: {
        LIVE_MAX_CONNECTIONS_PER_ADDRESS: String(subscribers),
        LIVE_COALESCE_MS: '250',
        // One address stands for five thousand people here.
        QUOTAS: 'off',
      },
    });
    const clients: SmallClient[] = [];
    onTestFinished(() => {
      for (const client of clients) client.close();
    });
    const connections = subscribers / each;
    while (clients.length < connections) {
      const some = Array.from({ length: Math.min(atOnce, connections - clients.length) }, () => open(edge));
      clients.push(...some);
      await Promise.all(some.map((client) => client.opened()));
    }
    const told = () => clients.flatMap(({ versions }) => versions);
    const allHave = (version: string) => () =>
      told().filter((versions) => versions.at(-1) === version).length;
    await expect.poll(allHave('1'), { timeout: 60_000 }).toBe(subscribers);
    expect(await edge.figure('banyan_edge_live_subscribers')).toBe(subscribers);
    expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);

    const asked = edge.boards.titlesAsked;
    const resolved = await edge.figure('banyan_edge_live_events_total', 'resolved');
    edge.boards.change();
    await expect.poll(allHave('2'), { timeout: 60_000 }).toBe(subscribers);
    expect(edge.boards.titlesAsked - asked).toBe(1);
    expect((await edge.figure('banyan_edge_live_events_total', 'resolved')) - resolved).toBe(1);
    expect(new Set(told().map((versions) => versions.join(' ')))).toEqual(new Set(['1 2']));
  },
  120_000,
);
