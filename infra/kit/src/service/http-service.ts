import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createRouter, createTimer, type Route } from './router.ts';
import { adminRoutes, healthRoutes, type StandingRoutesOptions } from './standing-routes.ts';

/**
 * Connections that may wait to be taken (the kernel's somaxconn is the upper bound). What is beyond is dropped and tried again
 * after a second, three and seven: a crowd that comes at once would wait in a queue that nobody sees and nothing sheds.
 */
const maxPendingConnections = 4_096;
/** How often a closing service looks at its connections: whether there are any, and which have become idle. */
const sweepMs = 50;

/** Where a service listens. */
export interface Address {
  port: number;
  host: string;
}

export interface ServiceOptions extends StandingRoutesOptions {
  name: string;
  /** `'POST /graphql'` to its route. */
  routes: Readonly<Record<string, Route>>;
  /** Metrics and the names of the checks go to a port of their own, and the service's port tells no more than its state. */
  hasAdminPort?: boolean;
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
  const time = createTimer(options.registry);
  const admin = adminRoutes(options, isClosing);
  const standing = options.hasAdminPort === true ? healthRoutes(options, isClosing, false) : admin;
  const answer = createRouter({ ...standing, ...options.routes }, log, time, isClosing);
  const answerAdmin = createRouter(admin, log, time, isClosing);
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
