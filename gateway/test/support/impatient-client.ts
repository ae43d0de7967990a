import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that sends a request and does not stay for the answer. */
export interface ImpatientClient {
  /** Goes; resolves when the other side has seen it. */
  leave(): Promise<void>;
}

/** Sends JSON by POST over a connection of its own. */
export function sendImpatiently(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ImpatientClient {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname).resume();
  onTestFinished(() => {
    socket.destroy();
  });
  const all = {
    host: hostname,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  return {
    async leave() {
      // The server ends its half once it has seen the end of this one.
      socket.end();
      await once(socket, 'close');
    },
  };
}
