import { closeAtOnce } from '@banyan/kit/service';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Takes what the provider tells and keeps it for the test to deliver. */
export interface Mailbox {
  readonly url: string;
  readonly told: readonly Told[];
  untilTold(count: number): Promise<readonly Told[]>;
  stop(): Promise<void>;
}

export async function startMailbox(): Promise<Mailbox> {
  const told: Told[] = [];
  const waiting: { count: number; resolve: (told: readonly Told[]) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(204).end();
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
