import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/**
 * When a call is cut: before the server hears of it, or when the server has committed and the caller has not heard.
 */
export type CutMoment = 'before' | 'after';

/** A TCP proxy in front of PostgreSQL that cuts connections on order. */
export interface CuttingProxy extends AsyncDisposable {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** How many calls were cut. */
  readonly cuts: number;
  /**
   * Cuts the next calls that carry the mark, whichever connection they come by.
   * @param mark text in what the client sends, such as the name of a function or statement
   */
  cut(mark: string, moment: CutMoment, calls: number): void;
}

/** ReadyForQuery, idle: the server's last message after a commit (PostgreSQL 18, "Message Formats"). */
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** Starts a proxy on a free port of 127.0.0.1 before the server that `url` names. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let order: { mark: Buffer; moment: CutMoment; calls: number } | undefined;
  let cuts = 0;

  function serve(client: Socket): void {
    const upstream = connect(Number(target.port), target.hostname);
    let isDoomed = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    const cutNow = () => {
      cuts += 1;
      end();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (order !== undefined && order.calls > 0 && !isDoomed && chunk.includes(order.mark)) {
        order.calls -= 1;
        if (order.moment === 'before') return cutNow();
        isDoomed = true;
      }
      return void upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      // The caller never hears the end of its answer: the connection ends when the commit is done.
      if (isDoomed && chunk.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY)) cutNow();
      else client.write(chunk);
    });
  }

  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxied = new URL(url);
  if (address !== null && typeof address === 'object') {
    proxied.hostname = '127.0.0.1';
    proxied.port = String(address.port);
  }
  return {
    url: proxied.href,
    get cuts() {
      return cuts;
    },
    cut(mark, moment, calls) {
      order = { mark: Buffer.from(mark), moment, calls };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
