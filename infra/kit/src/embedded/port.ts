import { createServer } from 'node:net';
import { EmbeddedError } from './embedded-error.ts';

/** The address embedded servers listen on: never reachable from another machine. */
export const LOOPBACK = '127.0.0.1';

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, LOOPBACK, resolve);
  await promise;
  const address = server.address();
  await new Promise<void>((done) => {
    server.close(() => done());
  });
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

/** A TCP port of 127.0.0.1 that is free at this moment; another process may still take it first. */
export async function findFreePort(): Promise<number> {
  return listenOnce(0);
}

/** Throws `EmbeddedError` PORT_BUSY when another process listens on the port; `what` names who wants it. */
export async function assertPortIsFree(port: number, what: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw portBusy(port, what, error.message);
  }
}

/** The error of a port that cannot be listened on. */
export function portBusy(port: number, what: string, reason: string): EmbeddedError {
  return new EmbeddedError(
    'PORT_BUSY',
    `${what} cannot listen on port ${port} (${reason}).`,
    `Stop the program that uses port ${port}, or choose other ports with --port.`,
  );
}
