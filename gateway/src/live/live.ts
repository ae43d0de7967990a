import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Route } from '@banyan/kit/service';
import type { Registry } from 'prom-client';
import type { StreamClient } from '../hop/subscription-stream.ts';
import { createAdmit } from './admit.ts';
import { createConnections } from './connections.ts';
import { createHub } from './hub.ts';
import { createLiveOperations, type LiveOperationsOptions } from './live-operation.ts';
import { createLiveMetrics } from './metrics.ts';
import { createSessions } from './session.ts';
import { asksForStream, createSseRoutes, type SseOptions } from './sse.ts';
import { createUpgrade } from './upgrade.ts';

type Made = 'hub' | 'admit' | 'sessions' | 'connections' | 'metrics';

export interface LiveOptions extends Omit<SseOptions, Made>, LiveOperationsOptions {
  streams: StreamClient;
  findDocument: Parameters<typeof createAdmit>[0]['findDocument'];
  checkAndCharge: Parameters<typeof createAdmit>[0]['checkAndCharge'];
  registry: Registry;
}

/** Subscriptions of clients. */
export interface Live {
  post: Route;
  get: Route;
  /** The route for operations that are answered at once, and this for those who ask for a stream. */
  streamOr(route: Route): Route;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Goes over to the present version of the graph, little by little; subscribers stay where their operation is valid. */
  replan(): void;
  /** Sends all clients away so that they come back elsewhere. */
  drain(): void;
  /** Ends the streams from subgraphs. */
  close(): Promise<void>;
}

/** Puts the transports, the shared subscriptions and the streams from subgraphs together. */
export function createLive(options: LiveOptions): Live {
  const { settings, registry, log, streams } = options;
  const metrics = createLiveMetrics(registry);
  const hub = createHub({
    coalesceMs: settings.LIVE_COALESCE_MS,
    maxUpstreams: settings.LIVE_MAX_UPSTREAMS,
    maxUpstreamsPerCaller: settings.LIVE_MAX_UPSTREAMS_PER_CALLER,
    metrics,
    log,
  });
  const { findDocument, checkAndCharge } = options;
  const operationOf = createLiveOperations(options);
  const admit = createAdmit({ findDocument, checkAndCharge, operationOf });
  const sessions = createSessions(settings.LIVE_PING_MS);
  const transports = { ...options, hub, admit, sessions, metrics, connections: createConnections(settings) };
  const { post, get } = createSseRoutes(transports);
  return {
    post,
    get,
    streamOr: (route) => (request, response, url) =>
      (asksForStream(request) ? post : route)(request, response, url),
    upgrade: createUpgrade(transports),
    replan: () => {
      void hub.replan();
    },
    drain: () => {
      sessions.drain();
    },
    close: () => streams.close(),
  };
}
