import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface HangingProcess {
  url: string;
  /** Whether an operation was sent to it. */
  wasAsked: boolean;
}

/** A process that hangs: the kernel takes connections and bytes for it, and nothing ever comes back. */
export async function startHangingProcess(): Promise<HangingProcess> {
  const sockets = new Set<Socket>();
  const hanging = { url: '', wasAsked: false };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      hanging.wasAsked ||= bytes.includes('POST /graphql');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  hanging.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hanging;
}
