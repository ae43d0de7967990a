import type { IncomingMessage, ServerResponse } from 'node:http';
import { Histogram, type Registry } from 'prom-client';
import { BodyTooLarge } from './body.ts';
import type { Logger } from './logger.ts';
import { sendError } from './send.ts';

/** Answers one request. A thrown error becomes a 500 without details; `BodyTooLarge` becomes 413. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** Takes the time of a request, in seconds. */
export type Timer = (route: string, status: number, seconds: number) => void;

/** Times requests by route and status. */
export function createTimer(registry: Registry): Timer {
  const seconds = new Histogram({
    name: 'banyan_http_request_seconds',
    help: 'Time to answer a request, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  // To find the figures of a pair of labels takes longer than to add to them.
  const known = new Map<string, ReturnType<typeof seconds.labels>>();
  return (route, status, taken) => {
    const key = `${status} ${route}`;
    let figures = known.get(key);
    if (figures === undefined) {
      figures = seconds.labels({ route, status });
      known.set(key, figures);
    }
    figures.observe(taken);
  };
}

function answerError(log: Logger, error: unknown, response: ServerResponse): void {
  if (response.headersSent) {
    log.error({ err: error }, 'an answer broke off');
    response.destroy();
  } else if (error instanceof BodyTooLarge) {
    sendError(response, 413, 'BODY_TOO_LARGE', error.message, { connection: 'close' });
  } else if (response.destroyed) {
    log.debug({ err: error }, 'the client went away');
  } else {
    log.error({ err: error }, 'a request failed');
    sendError(response, 500, 'INTERNAL_SERVER_ERROR', 'Something went wrong here. It has been noted.');
  }
}

/** Finds the route of each request, answers what has none, and times all. */
export function createRouter(
  routes: Readonly<Record<string, Route>>,
  log: Logger,
  time: Timer,
  isClosing: () => boolean,
) {
  const paths = new Set(Object.keys(routes).map((key) => key.slice(key.indexOf(' ') + 1)));

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const method = request.method ?? 'GET';
    const url = URL.parse(request.url ?? '/', 'http://service');
    const key = `${method} ${url?.pathname ?? ''}`;
    const route = routes[key];
    if (isClosing()) response.setHeader('connection', 'close');
    try {
      if (url === null) sendError(response, 400, 'BAD_REQUEST', 'The address of the request cannot be read.');
      else if (route !== undefined) await route(request, response, url);
      else if (paths.has(url.pathname)) {
        sendError(response, 405, 'METHOD_NOT_ALLOWED', `${url.pathname} does not take ${method}.`);
      } else sendError(response, 404, 'NOT_FOUND', `There is nothing at ${url.pathname.slice(0, 100)}.`);
    } catch (error) {
      answerError(log, error, response);
    } finally {
      const taken = (performance.now() - startedAt) / 1_000;
      time(route === undefined ? 'none' : key, response.statusCode, taken);
    }
  };
}
