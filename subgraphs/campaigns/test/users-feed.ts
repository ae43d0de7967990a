import type { NewEvent } from '@banyan/kit/events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A users subgraph of which there is only the feed. */
export async function startUsersFeed() {
  const told: (NewEvent & { cursor: string; id: string; occurredAt: string })[] = [];
  const server = createServer((request, response) => {
    const after = new URL(request.url ?? '/', 'http://users').searchParams.get('after') ?? '0.0';
    const from = Number(after.split('.')[1]);
    const events = told.slice(from);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ events, cursor: `0.${told.length}` }));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell(type: string, payload: Record<string, unknown>) {
      const number = told.length + 1;
      told.push({
        type,
        payload,
        subject: 'test',
        cursor: `0.${number}`,
        id: `evt_${number}`,
        occurredAt: new Date(0).toISOString(),
      });
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
