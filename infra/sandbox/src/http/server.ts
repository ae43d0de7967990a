import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BodyTooLarge, readBody, sendError, sendJson, type Logger } from '@banyan/kit/service';
import { Problem, type Call, type Handler, type Reply, type Routes } from './reply.ts';

const maxBodyBytes = 64 * 1024;

interface Pattern {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

/** A server of routes whose paths may hold `:names`. */
export function createRoutedServer(routes: Routes, log: Logger): Server {
  const exact = new Map<string, Handler>();
  const patterns: Pattern[] = [];
  for (const [route, handler] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ');
    if (path.includes(':')) patterns.push({ method, segments: path.split('/'), handler });
    else exact.set(route, handler);
  }

  function find(
    method: string,
    path: string,
  ): { handler: Handler; params: Record<string, string> } | undefined {
    const handler = exact.get(`${method} ${path}`);
    if (handler) return { handler, params: {} };
    const segments = path.split('/');
    for (const pattern of patterns) {
      const params = pattern.method === method ? match(pattern.segments, segments) : undefined;
      if (params) return { handler: pattern.handler, params };
    }
    return undefined;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = URL.parse(request.url ?? '/', 'http://sandbox');
      const found = url && find(request.method ?? 'GET', url.pathname);
      if (!found) throw new Problem(404, 'NOT_FOUND', 'There is nothing here.');
      const body = request.method === 'POST' ? await readBody(request, maxBodyBytes) : Buffer.alloc(0);
      const call: Call = { params: found.params, query: url.searchParams, headers: request.headers, body };
      send(response, await found.handler(call));
    } catch (error) {
      sendFailure(error, response);
    }
  }

  function sendFailure(error: unknown, response: ServerResponse): void {
    if (response.destroyed) return;
    if (error instanceof Problem) sendError(response, error.status, error.code, error.message);
    else if (error instanceof BodyTooLarge) sendError(response, 413, 'BODY_TOO_LARGE', error.message);
    else {
      log.error({ err: error }, 'a request failed');
      sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong here.');
    }
  }

  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith(':')) params[expected.slice(1)] = actual;
    else if (expected !== actual) return undefined;
  }
  return params;
}

function send(response: ServerResponse, reply: Reply): void {
  if ('silentMs' in reply) {
    const timer = setTimeout(() => response.destroy(), reply.silentMs);
    timer.unref();
    response.once('close', () => {
      clearTimeout(timer);
    });
  } else if ('json' in reply) {
    sendJson(response, reply.status, reply.json, reply.headers);
  } else if ('html' in reply) {
    response.writeHead(reply.status, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http: https:",
    });
    response.end(reply.html);
  } else {
    response.writeHead(reply.status, { location: reply.location });
    response.end();
  }
}
