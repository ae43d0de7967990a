import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startLiveEdge, withTitle, type LiveEdge } from './support/live-edge.ts';

const subscribers = 5_000;
/** Connections that are being opened at once. */
const atOnce = 250;

/** A client in as few bytes as will do: it keeps what came last. */
class SmallClient {
  readonly #socket: Socket;
  /** The version of each result, in order. */
  readonly versions: string[] = [];

  constructor(edge: LiveEdge) {
    this.#socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
    const body = JSON.stringify({ query: withTitle, variables: { id: 'a' } });
    this.#socket.write(
      `POST /graphql/stream HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    this.#socket.on('data', (chunk) => {
      for (const [, version = ''] of chunk.toString('latin1').matchAll(/"version":"(\d+)"/g))
        this.versions.push(version);
    });
  }

  opened(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#socket.once('data', resolve);
      this.#socket.once('error', reject);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

test('five thousand subscribers share one stream and one resolved event', async () => {
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
  while (clients.length < subscribers) {
    const some = Array.from({ length: atOnce }, () => new SmallClient(edge));
    clients.push(...some);
    await Promise.all(some.map((client) => client.opened()));
  }
  const allHave = (version: string) => () =>
    clients.filter((client) => client.versions.at(-1) === version).length;
  await expect.poll(allHave('1'), { timeout: 60_000 }).toBe(subscribers);
  expect(await edge.figure('banyan_edge_live_subscribers')).toBe(subscribers);
  expect(await edge.figure('banyan_edge_live_upstreams')).toBe(1);

  const asked = edge.boards.titlesAsked;
  const resolved = await edge.figure('banyan_edge_live_events_total', 'resolved');
  edge.boards.change();
  await expect.poll(allHave('2'), { timeout: 60_000 }).toBe(subscribers);
  expect(edge.boards.titlesAsked - asked).toBe(1);
  expect((await edge.figure('banyan_edge_live_events_total', 'resolved')) - resolved).toBe(1);
  expect(new Set(clients.map(({ versions }) => versions.join(' ')))).toEqual(new Set(['1 2']));
}, 120_000);
