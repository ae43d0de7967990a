import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** What happens to the next batch that passes. */
type Order = 'pass' | 'cut before the server hears it' | 'cut after the server has committed';

/** A TCP proxy in front of PostgreSQL that cuts connections on order. */
export interface CuttingProxy extends AsyncDisposable {
  readonly url: string;
  /** How many batches were cut. */
  readonly cuts: number;
  order(next: Order, batches?: number): void;
  /** Lets nobody in until `open`. */
  shut(): void;
  open(): void;
}

/** ReadyForQuery, idle: the server's last message after the commit of a call (protocol 3, chapter "Message Formats"). */
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const BATCH = Buffer.from('ledger_post_batch');

/** Starts a proxy in front of the server that the URL names. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let next: Order = 'pass';
  let batches = 0;
  let cuts = 0;
  let isShut = false;

  function cut(client: Socket, upstream: Socket): void {
    cuts += 1;
    client.destroy();
    upstream.destroy();
  }

  function serve(client: Socket): void {
    if (isShut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    let isDoomed = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (chunk.includes(BATCH) && next !== 'pass' && batches > 0) {
        batches -= 1;
        if (next === 'cut before the server hears it') {
          cut(client, upstream);
          return;
        }
        isDoomed = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!isDoomed) client.write(chunk);
      // A call that waits for its answer sees nothing of it: the connection ends when the commit is done.
      else if (chunk.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY)) cut(client, upstream);
    });
  }

  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxied = new URL(url);
  if (address !== null && typeof address === 'object') proxied.port = String(address.port);
  return {
    url: proxied.href,
    get cuts() {
      return cuts;
    },
    order(order, count = 1) {
      next = order;
      batches = count;
    },
    shut() {
      isShut = true;
    },
    open() {
      isShut = false;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
