import { closeAtOnce } from '@banyan/kit/service';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: {
    readonly eventId: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** A merchant's endpoint that keeps what it is told; `statuses` are its first answers, then 200. */
export async function startMerchantServer(statuses: number[] = []) {
  const received: Received[] = [];
  const waiting: { count: number; resolve: (received: Received[]) => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, body, event: JSON.parse(body) as Received['event'] });
      response.writeHead(statuses.shift() ?? 200).end();
      for (const { count, resolve } of waiting) if (received.length >= count) resolve(received);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    received,
    /** Resolves as soon as so many notifications have come. */
    untilReceived: (count: number): Promise<Received[]> => {
      const { promise, resolve } = Promise.withResolvers<Received[]>();
      if (received.length >= count) resolve(received);
      else waiting.push({ count, resolve });
      return promise;
    },
    stop: () => closeAtOnce(server),
  };
}
