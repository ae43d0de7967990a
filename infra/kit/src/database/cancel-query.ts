import { connect } from 'node:net';
import type { ClientBase } from 'pg';

/** PostgreSQL, "Message Formats": CancelRequest. */
const cancelRequestCode = 80_877_102;
const cancelTimeoutMs = 2_000;

/** What a connected client of pg knows of its server process; the types leave it out. */
interface BackendKey {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Asks the server to cancel what runs on a client's connection. The request has a connection of its own, without sign-in, so it
 * gets through also when no connection is to be had.
 * @returns when the server has passed it on, or cannot be reached; what ran then fails with SQLSTATE 57014, unless it was done.
 */
export function cancelQuery(client: ClientBase): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as BackendKey;
  if (processID === null || secretKey === null) return Promise.resolve();
  const message = Buffer.alloc(16);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(cancelTimeoutMs, () => socket.destroy());
    socket.on('error', () => undefined);
    // The server answers by closing the connection.
    socket.on('close', () => {
      resolve();
    });
    socket.resume();
    socket.write(message);
  });
}
