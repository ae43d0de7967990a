import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RedisConnection } from '@banyan/kit/cache';
import type { createAssertionMinter } from '@banyan/kit/hop';
import type { Logger, Route } from '@banyan/kit/service';
import type { Registry } from 'prom-client';
import { createAdmission } from './admission/admission.ts';
import type { Cache } from './cache/cache.ts';
import type { Config } from './config.ts';
import type { EdgeContext } from './context.ts';
import { contractOf } from './contracts/contract-of.ts';
import type { CallSubgraph } from './engine/subgraph-call.ts';
import { createErrorFormatter } from './errors.ts';
import { createExplorerRoute } from './explorer/explorer.ts';
import type { Graph } from './graph/graph.ts';
import { createRunOperation } from './graph/run-operation.ts';
import { createStreamClient } from './hop/subscription-stream.ts';
import { createCheckAndCharge } from './http/check-and-charge.ts';
import { createCors } from './http/cors.ts';
import { createGraphqlRoutes } from './http/graphql-routes.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createAccessTokenVerifier } from './identity/access-token.ts';
import { createApiKeyVerifier } from './identity/api-key.ts';
import { createRequestCheck } from './limits/check-request.ts';
import type { Costs } from './limits/cost/model.ts';
import { withoutSuggestion } from './limits/suggestions.ts';
import { createLive } from './live/live.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { Operations } from './operations/open-operations.ts';
import { clientAddress, networkOf } from './quotas/client-address.ts';
import { createQuotas, noQuotas } from './quotas/quotas.ts';

/** What stands behind the front. */
export interface FrontParts {
  config: Config;
  graph: Graph;
  cache: Cache;
  call: CallSubgraph<EdgeContext>;
  operations: Operations;
  costs: Costs;
  minter: Awaited<ReturnType<typeof createAssertionMinter>>;
  redis: RedisConnection;
  registry: Registry;
  metrics: EdgeMetrics;
  log: Logger;
}

/** What clients talk to. */
export interface Front {
  routes: Readonly<Record<string, Route>>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Another version of the graph begins to answer. */
  replan(): void;
  start(): void;
  /** Sends those away who stay connected, so that they come back elsewhere. */
  drain(): void;
  close(): Promise<void>;
}

/** Who asks, how much they may ask, and where they come from: the same for requests and for subscriptions. */
function createDoor({ config, operations, redis, registry, log }: FrontParts) {
  const { HOP_KEYS: hopKeys, ACCESS_TOKEN_JWKS_URL: jwksUrl } = config;
  const quotas = config.quotas.isOn ? createQuotas({ settings: config.quotas, redis, registry }) : noQuotas;
  return {
    identities: {
      tokens: createAccessTokenVerifier({ jwksUrl, log }),
      apiKeys: createApiKeyVerifier({
        url: config.API_KEYS_URL ?? jwksUrl,
        hopKey: hopKeys[0],
        beforeLookup: (asker) => {
          quotas.chargeAhead(asker);
        },
        log,
      }),
    },
    quotas,
    cors: createCors(config.CORS_ORIGINS),
    addressOf: (request: IncomingMessage) => networkOf(clientAddress(request, config.quotas.trustedProxies)),
    findDocument: operations.findDocument,
    limits: config.limits,
    maxDeadlineMs: config.MAX_DEADLINE_MS,
    log,
  };
}

type Door = ReturnType<typeof createDoor>;

function createRequests(parts: FrontParts, door: Door) {
  const { config, graph, cache, costs, registry, metrics } = parts;
  const admission = createAdmission(
    {
      maxInside: config.MAX_IN_FLIGHT,
      maxLagMs: config.MAX_LOOP_LAG_MS,
      maxQueued: config.MAX_QUEUED,
      maxQueueMs: config.MAX_QUEUE_MS,
    },
    registry,
  );
  const run = createRunOperation(({ caller }) => graph.servers[contractOf(caller)], metrics);
  const routes = createGraphqlRoutes({
    ...door,
    run: admission.before(cache.beforeGraph(run)),
    recentWriters: cache.recentWriters,
    costModel: costs.current,
    introspection: config.INTROSPECTION,
    hstsMaxAgeSeconds: config.HSTS_MAX_AGE_SECONDS,
    maxCdnSeconds: config.CDN_MAX_AGE_SECONDS,
    metrics,
  });
  return { admission, routes };
}

function createSubscriptions(parts: FrontParts, door: Door) {
  const { config, graph, call, costs, minter, registry, log } = parts;
  const formatError = createErrorFormatter(log);
  return createLive({
    ...door,
    supergraph: graph.supergraph,
    viewOf: graph.viewOf,
    streams: createStreamClient({
      urlsOf: (subgraph) => config.SUBGRAPH_URLS[subgraph] ?? [],
      key: config.HOP_KEYS[0],
      minter,
    }),
    call,
    checkAndCharge: createCheckAndCharge(createRequestCheck(config.limits, costs.current), door.quotas),
    settings: config,
    alwaysSent: securityHeaders(config.HSTS_MAX_AGE_SECONDS),
    // A stream may be shared, so that it is not told by who follows it, as answers are.
    formatError: config.INTROSPECTION
      ? formatError
      : (formatted, error) => withoutSuggestion(formatError(formatted, error)),
    registry,
  });
}

/** Puts together what clients talk to: operations, subscriptions, the explorer. */
export function createFront(parts: FrontParts): Front {
  const { config } = parts;
  const door = createDoor(parts);
  const { admission, routes } = createRequests(parts, door);
  const live = createSubscriptions(parts, door);
  const { preflight } = door.cors;
  return {
    routes: {
      'POST /graphql': live.streamOr(routes.post),
      'GET /graphql': routes.get,
      'OPTIONS /graphql': preflight,
      'POST /graphql/stream': live.post,
      'GET /graphql/stream': live.get,
      'OPTIONS /graphql/stream': preflight,
      ...(config.EXPLORER && { 'GET /': createExplorerRoute(config.OPERATIONS_PATH) }),
    },
    upgrade: (request, socket, head) => {
      live.upgrade(request, socket, head);
    },
    replan: () => {
      live.replan();
    },
    start: () => {
      admission.start();
    },
    drain: () => {
      live.drain();
    },
    async close() {
      admission.stop();
      await live.close();
      await door.quotas.close();
    },
  };
}
