import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createRedis } from '@banyan/kit/cache';
import { createAssertionMinter } from '@banyan/kit/hop';
import {
  ConfigError,
  createLogger,
  createRegistry,
  createService,
  type Logger,
  type RunningApp,
} from '@banyan/kit/service';
import { createAdmission } from './admission/admission.ts';
import { createCache, noCache } from './cache/cache.ts';
import type { Config } from './config.ts';
import { contractOf } from './contracts/contract-of.ts';
import { createExplorerRoute } from './explorer/explorer.ts';
import { createGraph, type Graph } from './graph/graph.ts';
import { createSupergraphWatch } from './graph/supergraph-watch.ts';
import { createRunOperation } from './graph/run-operation.ts';
import { createSubgraphCall } from './hop/call-subgraph.ts';
import { createHopClients } from './hop/hop-clients.ts';
import { createErrorFormatter } from './errors.ts';
import { createStreamClient } from './hop/subscription-stream.ts';
import { createCheckAndCharge } from './http/check-and-charge.ts';
import { createGraphqlRoutes } from './http/graphql-routes.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createCors } from './http/cors.ts';
import { createAccessTokenVerifier } from './identity/access-token.ts';
import { createApiKeyVerifier } from './identity/api-key.ts';
import { createRequestCheck } from './limits/check-document.ts';
import { createCosts } from './limits/cost/model.ts';
import { withoutSuggestion } from './limits/suggestions.ts';
import { createLive } from './live/live.ts';
import { createMetrics } from './metrics.ts';
import { openOperations } from './operations/open-operations.ts';
import { clientAddress, networkOf } from './quotas/client-address.ts';
import { createQuotas, noQuotas } from './quotas/quotas.ts';
import { createSubgraphsCheck } from './readiness.ts';

/** What tests put in the place of the real thing. */
export interface AppOverrides {
  log?: Logger;
  supergraphSdl?: string;
}

async function readSupergraph(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`SUPERGRAPH_PATH: ${path} cannot be read; "npm run schema" writes it.`, {
      cause: error,
    });
  }
}

async function startGraph(graph: Graph, path: string): Promise<void> {
  try {
    await graph.start();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`SUPERGRAPH_PATH: ${path} holds no supergraph that can be served: ${reason}`, {
      cause: error,
    });
  }
}

/** The edge, running. */
export interface Edge extends RunningApp {
  start(): Promise<{ url: string; adminUrl: string }>;
  /** Goes over to another supergraph without dropping a request. */
  swapSupergraph(supergraphSdl: string): Promise<void>;
}

/** The edge, put together by hand. */
export async function createApp(config: Config, overrides: AppOverrides = {}): Promise<Edge> {
  const log = overrides.log ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  const registry = createRegistry('gateway');
  const metrics = createMetrics(registry);
  const supergraphSdl = overrides.supergraphSdl ?? (await readSupergraph(config.SUPERGRAPH_PATH));
  const minter = await createAssertionMinter(config.ASSERTION_KEY);
  const hops = createHopClients({ config, minter, metrics, log });
  const redis = createRedis({ url: config.REDIS_URL, log });
  const cache = config.CACHE
    ? createCache({
        urlsOf: config.SUBGRAPH_URLS,
        key: config.HOP_KEYS[0],
        redis,
        supergraphSdl,
        maxBytes: config.CACHE_MAX_BYTES,
        metrics,
        log,
      })
    : noCache;
  const callSubgraph = createSubgraphCall({
    clientOf: (subgraph, isMutation) => hops.of(subgraph, isMutation),
    hopTimeoutMs: config.HOP_TIMEOUT_MS,
    unknownOutcomes: metrics.unknownOutcomes,
    log,
  });
  const operations = await openOperations(config, { redis, registry, log });
  const call = cache.beforeSubgraphs(callSubgraph);
  const graph = createGraph({
    supergraphSdl,
    contracts: config.CONTRACTS,
    known: operations.known,
    call,
    checkSubgraphs: (subgraphs) => {
      for (const subgraph of subgraphs) hops.of(subgraph, false);
    },
    metrics,
    log,
  });
  await startGraph(graph, config.SUPERGRAPH_PATH);
  const costs = createCosts(supergraphSdl);
  const tokens = createAccessTokenVerifier({ jwksUrl: config.ACCESS_TOKEN_JWKS_URL, log });
  const apiKeys = createApiKeyVerifier({
    url: config.API_KEYS_URL ?? config.ACCESS_TOKEN_JWKS_URL,
    hopKey: config.HOP_KEYS[0],
    log,
  });
  const quotas = config.quotas.isOn ? createQuotas({ settings: config.quotas, redis, registry }) : noQuotas;
  const cors = createCors(config.CORS_ORIGINS);
  const identities = { tokens, apiKeys };
  const { findDocument } = operations;
  const admission = createAdmission(
    {
      maxInside: config.MAX_IN_FLIGHT,
      maxLagMs: config.MAX_LOOP_LAG_MS,
      maxQueued: config.MAX_QUEUED,
      maxQueueMs: config.MAX_QUEUE_MS,
    },
    registry,
  );
  const addressOf = (request: IncomingMessage) =>
    networkOf(clientAddress(request, config.quotas.trustedProxies));
  const graphql = createGraphqlRoutes({
    run: admission.before(
      cache.beforeGraph(createRunOperation(({ caller }) => graph.servers[contractOf(caller)])),
    ),
    recentWriters: cache.recentWriters,
    findDocument,
    identities,
    limits: config.limits,
    costModel: costs.current,
    introspection: config.INTROSPECTION,
    quotas,
    addressOf,
    cors,
    hstsMaxAgeSeconds: config.HSTS_MAX_AGE_SECONDS,
    maxDeadlineMs: config.MAX_DEADLINE_MS,
    maxCdnSeconds: config.CDN_MAX_AGE_SECONDS,
    metrics,
    log,
  });
  const formatError = createErrorFormatter(log);
  const live = createLive({
    supergraph: graph.supergraph,
    viewOf: graph.viewOf,
    streams: createStreamClient({
      urlsOf: (subgraph) => config.SUBGRAPH_URLS[subgraph] ?? [],
      key: config.HOP_KEYS[0],
      minter,
    }),
    call,
    findDocument,
    checkAndCharge: createCheckAndCharge(createRequestCheck(config.limits, costs.current), quotas),
    identities,
    quotas,
    addressOf,
    limits: config.limits,
    settings: config,
    alwaysSent: securityHeaders(config.HSTS_MAX_AGE_SECONDS),
    cors,
    maxDeadlineMs: config.MAX_DEADLINE_MS,
    formatError: (formatted, error) => withoutSuggestion(formatError(formatted, error)),
    registry,
    log,
  });
  const service = createService({
    name: 'gateway',
    log,
    registry,
    hasAdminPort: true,
    routes: {
      'POST /graphql': live.streamOr(graphql.post),
      'GET /graphql': graphql.get,
      'OPTIONS /graphql': cors.preflight,
      'POST /graphql/stream': live.post,
      'GET /graphql/stream': live.get,
      'OPTIONS /graphql/stream': cors.preflight,
      ...(config.EXPLORER && { 'GET /': createExplorerRoute(config.OPERATIONS_PATH) }),
    },
    readiness: { subgraphs: createSubgraphsCheck(config.SUBGRAPH_URLS, metrics) },
  });

  service.server.on('upgrade', live.upgrade);

  async function swapSupergraph(sdl: string): Promise<void> {
    const useCosts = costs.prepare(sdl);
    await graph.swap(sdl);
    useCosts();
    cache.forget();
    live.replan();
  }
  const watch = createSupergraphWatch({
    path: config.SUPERGRAPH_PATH,
    served: supergraphSdl,
    pollMs: config.SUPERGRAPH_POLL_MS,
    swap: swapSupergraph,
    registry,
    log,
  });

  return {
    log,
    drainMs: config.DRAIN_MS,
    swapSupergraph,
    async start() {
      // A test that brings its own supergraph has no file to follow.
      if (overrides.supergraphSdl === undefined) watch.start();
      cache.start();
      admission.start();
      const { url: adminUrl } = await service.listenForAdmin({
        port: config.ADMIN_PORT,
        host: config.ADMIN_HOST,
      });
      const { url } = await service.listen({ port: config.PORT, host: config.HOST });
      return { url, adminUrl };
    },
    async stop() {
      await watch.stop();
      await service.drain(config.DRAIN_MS);
      live.drain();
      await service.close();
      admission.stop();
      await live.close();
      await Promise.all([graph.stop(), cache.stop(), quotas.close()]);
      await hops.close();
      await redis.close();
    },
  };
}
