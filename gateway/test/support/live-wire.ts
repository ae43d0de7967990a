import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { boardChanged, type LiveEdge } from './live-edge.ts';

/** Follows a board. */
export const request = { query: boardChanged, variables: { id: 'a' } };

/** What a WebSocket says and hears, without a client that knows the protocol. */
export async function openSocket(edge: LiveEdge, protocol: string[] = ['graphql-transport-ws']) {
  const socket = new WebSocket(edge.url.replace('http', 'ws') + '/graphql', protocol);
  onTestFinished(() => {
    socket.terminate();
  });
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString('utf8')) as (typeof messages)[number]);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString('utf8') });
    });
  });
  await once(socket, 'open');
  return {
    messages,
    closed,
    socket,
    say: (message: object | string) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    heard: (type: string) => expect.poll(() => messages.map((message) => message.type)).toContain(type),
  };
}

/** Sends a subscription as plain HTTP. */
export async function post(
  edge: LiveEdge,
  body: unknown,
  headers: Record<string, string> = {},
  path = '/graphql/stream',
) {
  const response = await fetch(edge.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, response };
}

/** The codes of the errors in what was answered, whatever is around them. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code);
}
