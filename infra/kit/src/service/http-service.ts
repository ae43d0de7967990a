import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { BodyTooLarge } from './body.ts';
import type { Logger } from './logger.ts';

/**
 * Connections that may wait to be taken (the kernel's somaxconn is the upper bound). What is beyond is dropped and tried again
 * after a second, three and seven: a crowd that comes at once would wait in a queue that nobody sees and nothing sheds.
 */
const maxPendingConnections = 4_096;
/** How often a closing service looks at its connections: whether there are any, and which have become idle. */
const sweepMs = 50;

/** Answers one request. A thrown error becomes a 500 without details; `BodyTooLarge` becomes 413. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** Resolves when the dependency can be used; rejects with a reason that an operator may read. */
export type ReadinessCheck = () => Promise<void>;

/** Where a service listens. */
export interface Address {
  port: number;
  host: string;
}

export interface ServiceOptions {
  name: string;
  log: Logger;
  registry: Registry;
  /** `'POST /graphql'` to its route. */
  routes: Readonly<Record<string, Route>>;
  readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** Metrics and the names of the checks go to a port of their own, and the service's port tells no more than its state. */
  hasAdminPort?: boolean;
  /** How long one readiness check may take, in milliseconds. */
  readinessTimeoutMs?: number;
}

export interface HttpService {
  server: Server;
  /** Port 0 takes a free one. */
  listen(at: Address): Promise<{ url: string; port: number }>;
  /** Serves metrics and health in full on another port, until the service is closed. */
  listenForAdmin(at: Address): Promise<{ url: string; port: number }>;
  /**
   * Not ready from now on, and every answer says that its connection ends; everything is still taken and answered. Resolves
   * after `ms`, which is to be longer than callers take to notice, or as soon as nobody is connected.
   */
  drain(ms: number): Promise<void>;
  /** Takes nothing new; ends idle connections, waits for running requests, then cuts what is left. */
  close(graceMs?: number): Promise<void>;
}

/** A registry with the process's own figures. */
export function createRegistry(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Sends a JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Sends an error in the one shape that all services share. */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] }, headers);
}

async function checkReadiness(options: ServiceOptions): Promise<Record<string, string>> {
  const timeoutMs = options.readinessTimeoutMs ?? 2_000;
  const names = Object.entries(options.readiness ?? {});
  const results = await Promise.all(
    names.map(async ([name, check]): Promise<[string, string]> => {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`no answer in ${timeoutMs} ms`));
        }, timeoutMs);
      });
      try {
        await Promise.race([check(), timeout]);
        return [name, 'ok'];
      } catch (error) {
        options.log.warn({ check: name, err: error }, 'not ready');
        return [name, 'failing'];
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  return Object.fromEntries(results);
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

/** Whether the service lives, and whether it can be used; `isOpen` says by which check it cannot. */
function healthRoutes(
  options: ServiceOptions,
  isClosing: () => boolean,
  isOpen: boolean,
): Record<string, Route> {
  return {
    'GET /health/live': (_request, response) => {
      sendJson(response, 200, { status: 'live' });
    },
    'GET /health/ready': async (_request, response) => {
      const checks = await checkReadiness(options);
      const ready = !isClosing() && Object.values(checks).every((state) => state === 'ok');
      const status = ready ? 'ready' : isClosing() ? 'closing' : 'not ready';
      sendJson(response, ready ? 200 : 503, { status, ...(isOpen && { checks }) });
    },
  };
}

/** What operators see. */
function adminRoutes(options: ServiceOptions, isClosing: () => boolean): Record<string, Route> {
  return {
    ...healthRoutes(options, isClosing, true),
    'GET /metrics': async (_request, response) => {
      response.writeHead(200, { 'content-type': options.registry.contentType });
      response.end(await options.registry.metrics());
    },
  };
}

/** Takes the time of a request, in seconds. */
type Timer = (route: string, status: number, seconds: number) => void;

/** Times requests by route and status. */
function createTimer(registry: Registry): Timer {
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

/** Finds the route of each request, answers what has none, and times all. */
function createRouter(
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

function listen(server: Server, { port, host }: Address): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: maxPendingConnections }, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
        port: address.port,
      });
    });
  });
}

/** Resolves when nobody is connected, and after `maxMs` in any case. */
function waitUntilDeserted(server: Server, maxMs: number): Promise<void> {
  if (maxMs === 0 || !server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timeout);
      clearInterval(look);
      resolve();
    };
    const timeout = setTimeout(end, maxMs);
    const look = setInterval(() => {
      server.getConnections((_error, connections) => {
        if (connections === 0) end();
      });
    }, sweepMs);
  });
}

/**
 * An HTTP service on `node:http`: the given routes beside `GET /health/live`, `GET /health/ready` and `GET /metrics`.
 * Live says that the process answers; ready says that what it depends on answers too and that it is not shutting down.
 */
export function createService(options: ServiceOptions): HttpService {
  const { log } = options;
  let closing = false;
  const isClosing = () => closing;
  const seconds = createTimer(options.registry);
  const admin = adminRoutes(options, isClosing);
  const standing = options.hasAdminPort === true ? healthRoutes(options, isClosing, false) : admin;
  const answer = createRouter({ ...standing, ...options.routes }, log, seconds, isClosing);
  const answerAdmin = createRouter(admin, log, seconds, isClosing);
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const adminServer = createServer((request, response) => {
    void answerAdmin(request, response);
  });
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 30_000;

  return {
    server,
    listen: (at) => listen(server, at),
    listenForAdmin: (at) => listen(adminServer, at),
    drain(ms) {
      closing = true;
      return waitUntilDeserted(server, ms);
    },
    close: (graceMs = 10_000) =>
      new Promise((resolve) => {
        closing = true;
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        // A kept connection becomes idle when its last answer is out; until then it holds the server open.
        const sweep = setInterval(() => {
          server.closeIdleConnections();
        }, sweepMs);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          adminServer.close();
          adminServer.closeAllConnections();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
