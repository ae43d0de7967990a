import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createAssertionMinter, signHop, type HopKey } from '@banyan/kit/hop';
import { createRegistry, createService, type Logger } from '@banyan/kit/service';
import type { Registry } from 'prom-client';
import type { Config } from '../src/config.ts';
import { RecentWriters } from '../src/cache/recent-writers.ts';
import type { EdgeContext } from '../src/context.ts';
import { createRunOperation } from '../src/graph/run-operation.ts';
import { createHopClient } from '../src/hop/hop-client.ts';
import { createCors } from '../src/http/cors.ts';
import { createGraphqlRoutes } from '../src/http/graphql-routes.ts';
import { createAccessTokenVerifier } from '../src/identity/access-token.ts';
import { createApiKeyVerifier } from '../src/identity/api-key.ts';
import { createCosts } from '../src/limits/cost/model.ts';
import { createMetrics, type EdgeMetrics } from '../src/metrics.ts';
import { createFindDocument } from '../src/operations/find-document.ts';
import { noQuotas } from '../src/quotas/quotas.ts';

/** The data source that comes with the gateway, with the one thing added that our subgraphs insist on. */
class SigningDataSource extends RemoteGraphQLDataSource {
  readonly #name: string;
  readonly #key: HopKey;

  constructor(name: string, url: string, key: HopKey) {
    super({ url: new URL('/graphql', url).href });
    this.#name = name;
    this.#key = key;
  }

  override willSendRequest({
    request,
  }: Parameters<NonNullable<RemoteGraphQLDataSource['willSendRequest']>>[0]) {
    const { http, ...rest } = request;
    const signed = { subgraph: this.#name, method: 'POST', path: '/graphql', body: JSON.stringify(rest) };
    for (const [name, value] of Object.entries(signHop(this.#key, signed))) http?.headers.set(name, value);
  }
}

/** `@apollo/gateway` behind Apollo Server as both come. */
export async function startStock(config: Config, supergraphSdl: string): Promise<string> {
  const [key] = config.HOP_KEYS;
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => new SigningDataSource(name, config.SUBGRAPH_URLS[name]?.[0] ?? '', key),
  });
  const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
    listen: { port: 0, host: '127.0.0.1' },
  });
  return new URL('/', url).href;
}

/** The executor that comes with the gateway, over our hops and behind our front. */
export async function startStockOnHops(config: Config, supergraphSdl: string, log: Logger): Promise<string> {
  const registry = createRegistry('gateway');
  const metrics = createMetrics(registry);
  const minter = await createAssertionMinter(config.ASSERTION_KEY);
  const [key] = config.HOP_KEYS;
  const bounds = {
    maxConnections: config.MAX_HOP_CONNECTIONS,
    maxWaitingOperations: config.MAX_WAITING_OPERATIONS,
    readObjectiveMs: config.READ_OBJECTIVE_MS,
  };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: log,
    buildService: ({ name }) => {
      const urls = config.SUBGRAPH_URLS[name] ?? [];
      const client = createHopClient({ subgraph: name, urls, key, minter, ...bounds, metrics, log });
      const source: GraphQLDataSource<EdgeContext> = {
        process: async ({ request, context }) => {
          const { query, operationName, variables } = request;
          const head = JSON.stringify({ query, operationName }).slice(0, -1);
          const answer = await client.send({
            head,
            variables: JSON.stringify(variables),
            ...(context as EdgeContext),
          });
          return { data: answer.data ?? null };
        },
      };
      return source as GraphQLDataSource;
    },
  });
  const apollo = new ApolloServer<EdgeContext>({ gateway, csrfPrevention: false, persistedQueries: false });
  await apollo.start();
  const { post } = frontBefore(apollo, { config, supergraphSdl, registry, metrics, log });
  const service = createService({ name: 'gateway', log, registry, routes: { 'POST /graphql': post } });
  const { url } = await service.listen({ port: 0, host: '127.0.0.1' });
  return url;
}

/** Our front before another server, without budgets and operations known in advance. */
function frontBefore(
  apollo: ApolloServer<EdgeContext>,
  parts: { config: Config; supergraphSdl: string; registry: Registry; metrics: EdgeMetrics; log: Logger },
) {
  const { config, registry, metrics, log } = parts;
  const jwksUrl = config.ACCESS_TOKEN_JWKS_URL;
  const identities = {
    tokens: createAccessTokenVerifier({ jwksUrl, log }),
    apiKeys: createApiKeyVerifier({ url: jwksUrl, hopKey: config.HOP_KEYS[0], log }),
  };
  const { limits, MAX_DEADLINE_MS: maxDeadlineMs } = config;
  const costModel = createCosts(parts.supergraphSdl).current;
  const introspection = config.INTROSPECTION;
  const server = {
    async run(operation: { query: string }, contextValue: EdgeContext) {
      const { http, body } = await apollo.executeOperation(operation, { contextValue });
      if (body.kind !== 'single') throw new Error('An operation was answered in parts.');
      return { result: body.singleResult, status: http.status };
    },
  };
  const run = createRunOperation(() => server, metrics);
  const recentWriters = new RecentWriters();
  return createGraphqlRoutes({
    run,
    recentWriters,
    identities,
    limits,
    costModel,
    introspection,
    findDocument: createFindDocument({
      mode: 'off',
      manifest: [],
      automatic: null,
      registry,
      log,
    }),
    quotas: noQuotas,
    addressOf: () => 'unknown',
    cors: createCors([]),
    hstsMaxAgeSeconds: 0,
    maxDeadlineMs,
    maxCdnSeconds: 0,
    metrics,
    log,
  });
}
