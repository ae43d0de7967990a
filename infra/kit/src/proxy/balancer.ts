import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** One address before several processes of a service, a connection each in turn. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Where connections go from now on; those that stand stay. */
  aim(urls: readonly string[]): void;
}

/**
 * Starts a balancer on a free port of 127.0.0.1. Who refuses a connection is passed over; when all refuse, or there are
 * none yet, the caller's connection is closed.
 */
export async function startBalancer(): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let targets: readonly URL[] = [];
  let turn = 0;

  function keep(socket: Socket, onClose: () => void): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      onClose();
    });
  }

  /** Tries the targets one after the other, the next in turn first. */
  function serve(client: Socket): void {
    keep(client, () => undefined);
    const candidates = targets.map((_each, place) => targets[(turn + place) % targets.length]);
    turn += 1;
    const tryNext = () => {
      const target = candidates.shift();
      if (target === undefined || client.destroyed) return void client.destroy();
      const upstream = connect(Number(target.port), target.hostname);
      let isOpen = false;
      upstream.once('connect', () => {
        isOpen = true;
        client.pipe(upstream);
        upstream.pipe(client);
        client.once('close', () => upstream.destroy());
      });
      keep(upstream, () => {
        if (isOpen) client.destroy();
        else tryNext();
      });
    };
    tryNext();
  }

  const server = createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    aim(urls) {
      targets = urls.map((url) => new URL(url));
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
