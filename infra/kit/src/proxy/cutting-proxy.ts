import { startRelay } from './relay.ts';
import type { RelayedConnection } from './relay.ts';

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
  let order: { mark: Buffer; moment: CutMoment; calls: number } | undefined;
  let cuts = 0;

  function join({ client, upstream, end }: RelayedConnection): void {
    let isDoomed = false;
    const cutNow = () => {
      cuts += 1;
      end();
    };
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

  const relay = await startRelay(() => target, join);
  return {
    url: relay.urlOf(url),
    get cuts() {
      return cuts;
    },
    cut(mark, moment, calls) {
      order = { mark: Buffer.from(mark), moment, calls };
    },
    [Symbol.asyncDispose]: async () => relay[Symbol.asyncDispose](),
  };
}
