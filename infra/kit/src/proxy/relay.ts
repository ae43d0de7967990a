import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** A TCP server on a free port of 127.0.0.1 that leads each connection to another server. */
export interface Relay extends AsyncDisposable {
  /** The URL of a server behind it, by way of the relay. */
  urlOf(url: string): string;
}

/** A connection that is led on: the two halves end together, whoever ends first. */
export interface RelayedConnection {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly end: () => void;
}

/** Starts a relay. `target` says where the next connection goes; `join` passes on what comes from either side. */
export async function startRelay(
  target: () => URL,
  join: (connection: RelayedConnection) => void,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = target();
    const upstream = connect(Number(port), hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    join({ client, upstream, end });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    urlOf(url) {
      const relayed = new URL(url);
      relayed.hostname = '127.0.0.1';
      relayed.port = String(port);
      return relayed.href;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
