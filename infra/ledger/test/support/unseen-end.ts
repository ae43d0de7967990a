import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A proxy before PostgreSQL, in a thread of its own. */
export interface UnseenEnd extends Disposable {
  readonly url: string;
  /** Ends all connections, and gives back when they are ended and this thread's event loop has not looked. */
  endUnseen(): void;
}

const program = `
  const { connect, createServer } = require('node:net');
  const { parentPort, workerData } = require('node:worker_threads');
  const ended = new Int32Array(workerData.shared);
  const clients = new Set();
  const server = createServer((client) => {
    const upstream = connect(workerData.port, workerData.host);
    clients.add(client);
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
  parentPort.on('message', () => {
    let open = clients.size;
    for (const client of clients)
      client.on('close', () => {
        if (--open > 0) return;
        Atomics.store(ended, 0, 1);
        Atomics.notify(ended, 0);
      }).destroy();
    clients.clear();
  });`;

/** Starts a proxy whose connections can end while this thread is busy, as those of a pooler do that closes idle ones. */
export async function startUnseenEnd(databaseUrl: string): Promise<UnseenEnd> {
  const target = new URL(databaseUrl);
  const shared = new SharedArrayBuffer(4);
  const worker = new Worker(program, {
    eval: true,
    workerData: { shared, host: target.hostname, port: Number(target.port) },
  });
  const [port] = (await once(worker, 'message')) as [number];
  target.hostname = '127.0.0.1';
  target.port = String(port);
  return {
    url: target.href,
    endUnseen() {
      worker.postMessage('end');
      Atomics.wait(new Int32Array(shared), 0, 0);
    },
    [Symbol.dispose]() {
      void worker.terminate();
    },
  };
}
