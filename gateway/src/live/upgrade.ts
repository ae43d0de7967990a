import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { anonymous } from '@banyan/kit/hop';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { RequestRefused } from '../errors.ts';
import type { TransportOptions } from './transport.ts';
import { LiveSocket } from './websocket.ts';

const path = '/graphql';

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Takes WebSockets at `/graphql`; a handler for the HTTP server's `upgrade`. */
export function createUpgrade(
  options: TransportOptions,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: options.limits.maxBodyBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (options.sessions.isDraining) {
      refuse(socket, '503 Service Unavailable');
      return;
    }
    if (URL.parse(request.url ?? '', 'http://edge')?.pathname !== path) {
      refuse(socket, '404 Not Found');
      return;
    }
    let leave: () => void;
    try {
      // Until it has said who it is, it is a stranger's.
      leave = options.connections.enter(anonymous, options.addressOf(request));
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      refuse(socket, error.status === 503 ? '503 Service Unavailable' : '429 Too Many Requests');
      return;
    }
    socket.once('close', leave);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      if (webSocket.protocol === '')
        webSocket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
      else new LiveSocket(webSocket, { request, leave }, options);
    });
  };
}
