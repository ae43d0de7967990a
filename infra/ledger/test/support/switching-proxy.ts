import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** One address for whichever server is the primary, as a cluster's service name is. */
export interface SwitchingProxy extends AsyncDisposable {
  readonly url: string;
  /** Leads new connections to the server that the URL names. */
  switchTo(url: string): void;
}

/** Starts a TCP proxy in front of the server that the URL names. */
export async function startSwitchingProxy(url: string): Promise<SwitchingProxy> {
  const sockets = new Set<Socket>();
  let target = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const proxied = new URL(url);
  if (address !== null && typeof address === 'object') proxied.port = String(address.port);
  return {
    url: proxied.href,
    switchTo(next) {
      target = new URL(next);
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
