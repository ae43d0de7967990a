import { readFile } from 'node:fs/promises';
import type { ApolloServer } from '@apollo/server';
import { createAssertionMinter } from '@banyan/kit/hop';
import {
  ConfigError,
  createLogger,
  createRegistry,
  createService,
  type Logger,
  type RunningApp,
} from '@banyan/kit/service';
import type { Config } from './config.ts';
import type { EdgeContext } from './context.ts';
import { createExplorerRoute } from './explorer/explorer.ts';
import { createGraph } from './graph/graph.ts';
import { createSubgraphCall } from './hop/call-subgraph.ts';
import { createHopClient, type HopClient } from './hop/hop-client.ts';
import { createGraphqlRoutes } from './http/graphql-routes.ts';
import { createAccessTokenVerifier } from './identity/access-token.ts';
import { createMetrics } from './metrics.ts';
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

async function startGraph(apollo: ApolloServer<EdgeContext>, path: string): Promise<void> {
  try {
    await apollo.start();
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
  const hops = new Map<string, HopClient>();

  function clientOf(subgraph: string, isMutation: boolean): HopClient {
    const ownUrls = isMutation ? config.MUTATION_URLS[subgraph] : undefined;
    const pool = ownUrls === undefined ? subgraph : `${subgraph} mutations`;
    const known = hops.get(pool);
    if (known !== undefined) return known;
    const urls = ownUrls ?? config.SUBGRAPH_URLS[subgraph];
    if (urls === undefined)
      throw new ConfigError(`SUBGRAPH_URLS: ${subgraph}, which the supergraph names, has no URL.`);
    const [key] = config.HOP_KEYS;
    const maxConnections = config.MAX_HOP_CONNECTIONS;
    const client = createHopClient({ subgraph, urls, key, minter, maxConnections, metrics, log });
    hops.set(pool, client);
    return client;
  }

  const { apollo, swap } = createGraph({
    supergraphSdl,
    call: createSubgraphCall({ clientOf, hopTimeoutMs: config.HOP_TIMEOUT_MS, log }),
    checkSubgraphs: (subgraphs) => {
      for (const subgraph of subgraphs) clientOf(subgraph, false);
    },
    introspection: config.INTROSPECTION,
    metrics,
    log,
  });
  await startGraph(apollo, config.SUPERGRAPH_PATH);
  const tokens = createAccessTokenVerifier({ jwksUrl: config.ACCESS_TOKEN_JWKS_URL, log });
  const graphql = createGraphqlRoutes({
    apollo,
    tokens,
    limits: config.limits,
    maxDeadlineMs: config.MAX_DEADLINE_MS,
    metrics,
    log,
  });
  const service = createService({
    name: 'gateway',
    log,
    registry,
    routes: {
      'POST /graphql': graphql.post,
      'GET /graphql': graphql.get,
      ...(config.EXPLORER && { 'GET /': createExplorerRoute(config.OPERATIONS_PATH) }),
    },
    readiness: { subgraphs: createSubgraphsCheck(config.SUBGRAPH_URLS, metrics) },
  });

  return {
    log,
    swapSupergraph: swap,
    start: () => service.listen({ port: config.PORT, host: config.HOST }),
    async stop() {
      await service.close();
      await apollo.stop();
      await Promise.all([...hops.values()].map((hop) => hop.close()));
    },
  };
}
