import type { Server } from 'node:http';

/**
 * Closes a server and cuts its connections, also those that wait for an answer. For servers that owe nobody an answer, in
 * tests and in tools; a service lets its answers out first (`createService`).
 */
export async function closeAtOnce(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => {
    closed.resolve();
  });
  server.closeAllConnections();
  await closed.promise;
}
