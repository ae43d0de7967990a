import type { Socket } from 'node:net';
import { startRelay } from './relay.ts';

/** A TCP proxy that holds back on order what the server says: to its clients the server is slow. */
export interface HoldingProxy extends AsyncDisposable {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** Pieces of answers that are held back now. */
  readonly held: number;
  /** Holds back what the server says from now on; what clients say passes. */
  hold(): void;
  /** Passes on what was held back, in its order, and what comes from now on. */
  release(): void;
}

/** Starts a proxy on a free port of 127.0.0.1 before the server that `url` names. */
export async function startHoldingProxy(url: string): Promise<HoldingProxy> {
  const target = new URL(url);
  let isHolding = false;
  let held: { client: Socket; chunk: Buffer }[] = [];
  const relay = await startRelay(
    () => target,
    ({ client, upstream }) => {
      client.pipe(upstream);
      upstream.on('data', (chunk: Buffer) => {
        if (isHolding) held.push({ client, chunk });
        else client.write(chunk);
      });
    },
  );
  return {
    url: relay.urlOf(url),
    get held() {
      return held.length;
    },
    hold() {
      isHolding = true;
    },
    release() {
      isHolding = false;
      for (const { client, chunk } of held) client.write(chunk);
      held = [];
    },
    [Symbol.asyncDispose]: async () => relay[Symbol.asyncDispose](),
  };
}
