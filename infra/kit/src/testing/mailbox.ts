import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAtOnce } from '../service/close-at-once.ts';

/** A request as it came: headers, and the raw bytes that a signature is over. */
export interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An endpoint to which a service sends notifications; it keeps them for the test to read or to deliver. */
export interface Mailbox {
  readonly url: string;
  readonly told: readonly Told[];
  /** Resolves as soon as so many have come, with all of them. */
  untilTold(count: number): Promise<readonly Told[]>;
  stop(): Promise<void>;
}

/** @param statuses its first answers; then each is 204 */
export async function startMailbox(statuses: readonly number[] = []): Promise<Mailbox> {
  const told: Told[] = [];
  const waiting: { count: number; resolve: (told: readonly Told[]) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses[told.length] ?? 204;
      told.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
      for (const { count, resolve } of waiting) if (told.length >= count) resolve(told);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notifications`,
    told,
    untilTold(count) {
      const { promise, resolve } = Promise.withResolvers<readonly Told[]>();
      if (told.length >= count) resolve(told);
      else waiting.push({ count, resolve });
      return promise;
    },
    stop: () => closeAtOnce(server),
  };
}
