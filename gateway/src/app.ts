import { createRedis } from '@banyan/kit/cache';
import { createAssertionMinter } from '@banyan/kit/hop';
import {
  createLogger,
  createRegistry,
  createService,
  type Logger,
  type RunningApp,
} from '@banyan/kit/service';
import type { Registry } from 'prom-client';
import { openCache } from './cache/cache.ts';
import type { Config } from './config.ts';
import { createFront } from './front.ts';
import { openGraph, readSupergraph } from './graph/open-graph.ts';
import { createSupergraphWatch } from './graph/supergraph-watch.ts';
import { createSubgraphCall } from './hop/call-subgraph.ts';
import { createHopClients } from './hop/hop-clients.ts';
import { createCosts } from './limits/cost/model.ts';
import { createMetrics, type EdgeMetrics } from './metrics.ts';
import { openOperations } from './operations/open-operations.ts';
import { createSubgraphsCheck } from './readiness.ts';

/** What tests put in the place of the real thing. */
export interface AppOverrides {
  log?: Logger;
  supergraphSdl?: string;
}

/** The edge, running. */
export interface Edge extends RunningApp {
  start(): Promise<{ url: string; adminUrl: string }>;
  /** Goes over to another supergraph without dropping a request. */
  swapSupergraph(supergraphSdl: string): Promise<void>;
}

interface Common {
  config: Config;
  registry: Registry;
  metrics: EdgeMetrics;
  log: Logger;
}

/** What stands behind the front: the way to the subgraphs, copies, and the graph over all of it. */
async function openBack(common: Common, supergraphSdl: string) {
  const { config, registry, metrics, log } = common;
  const minter = await createAssertionMinter(config.ASSERTION_KEY);
  const hops = createHopClients({ ...common, minter });
  const redis = createRedis({ url: config.REDIS_URL, log });
  const cache = openCache({ ...common, redis, supergraphSdl });
  const operations = await openOperations(config, { redis, registry, log });
  const call = cache.beforeSubgraphs(
    createSubgraphCall({
      clientOf: (subgraph, isMutation) => hops.of(subgraph, isMutation),
      hopTimeoutMs: config.HOP_TIMEOUT_MS,
      metrics,
      log,
    }),
  );
  const graph = await openGraph({
    path: config.SUPERGRAPH_PATH,
    supergraphSdl,
    contracts: config.CONTRACTS,
    known: operations.known,
    call,
    checkSubgraphs: (subgraphs) => {
      for (const subgraph of subgraphs) hops.of(subgraph, false);
    },
    log,
  });
  return { minter, hops, redis, cache, operations, call, graph };
}

/** The edge, put together by hand. */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<Edge> {
  const log = overrides.log ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const registry = createRegistry('gateway');
  const metrics = createMetrics(registry);
  const common = { config, registry, metrics, log };
  const path = config.SUPERGRAPH_PATH;
  const supergraphSdl = overrides.supergraphSdl ?? (await readSupergraph(path));
  const back = await openBack(common, supergraphSdl);
  const { graph, cache } = back;
  const costs = createCosts(supergraphSdl);
  const front = createFront({ ...common, ...back, costs });
  const service = createService({
    name: 'gateway',
    log,
    registry,
    hasAdminPort: true,
    routes: front.routes,
    readiness: { subgraphs: createSubgraphsCheck(config.SUBGRAPH_URLS, metrics) },
  });
  service.server.on('upgrade', (request, socket, head) => {
    front.upgrade(request, socket, head);
  });

  async function swapSupergraph(sdl: string): Promise<void> {
    const useCosts = costs.prepare(sdl);
    await graph.swap(sdl);
    useCosts();
    cache.turnTo(sdl);
    front.replan();
  }
  const pollMs = config.SUPERGRAPH_POLL_MS;
  const watch = createSupergraphWatch({
    path,
    served: supergraphSdl,
    pollMs,
    swap: swapSupergraph,
    registry,
    log,
  });
  // A test that brings its own supergraph has no file to follow.
  const hasFile = overrides.supergraphSdl === undefined;

  return {
    log,
    drainMs: config.DRAIN_MS,
    reload: () => void watch.look(),
    swapSupergraph,
    async start() {
      if (hasFile) watch.start();
      cache.start();
      front.start();
      const admin = await service.listenForAdmin({ port: config.ADMIN_PORT, host: config.ADMIN_HOST });
      const { url } = await service.listen({ port: config.PORT, host: config.HOST });
      return { url, adminUrl: admin.url };
    },
    async stop() {
      await watch.stop();
      await service.drain(config.DRAIN_MS);
      front.drain();
      await service.close();
      await front.close();
      await Promise.all([graph.stop(), cache.stop(), back.hops.close()]);
      await back.redis.close();
    },
  };
}
