import { writeFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import type { ContractLists } from '@banyan/kit/contracts';
import { printSdl } from '@banyan/kit/graphql';
import type { HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import { parse, type GraphQLSchema } from 'graphql';
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { configFrom } from '../../src/config.ts';
import {
  createHopKey,
  createSigningKey,
  signAccessToken,
  startKeyServer,
  type SigningKey,
  type TokenClaims,
} from './keys.ts';
import {
  createStage,
  shopContracts,
  shopSchema,
  stockContracts,
  stockSchema,
  type Stage,
} from './schemas.ts';
import { silent, startSubgraph, type TestSubgraph } from './subgraph.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
    extensions?: Record<string, unknown>;
  };
}

export interface Edge {
  url: string;
  /** Where metrics are. */
  adminUrl: string;
  shop: TestSubgraph;
  furtherShops: readonly TestSubgraph[];
  shopsForMutations: readonly TestSubgraph[];
  stock: TestSubgraph;
  stage: Stage;
  users: Awaited<ReturnType<typeof startKeyServer>>;
  usersKey: SigningKey;
  hopKey: HopKey;
  assertionKey: SigningKey;
  /** What it serves at the beginning; also in the file, where `SUPERGRAPH_PATH` names one. */
  supergraphSdl: string;
  token(claims?: TokenClaims): Promise<string>;
  /** Sends an operation as clients do. */
  ask(
    query: string,
    options?: { variables?: object; operationName?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  /** Sends any request to the graph. */
  send(init: RequestInit & { path?: string }): Promise<Answer>;
  /** Goes over to another supergraph. */
  swapSupergraph(sdl: string): Promise<void>;
  /** Stops the edge, once. */
  stop(): Promise<void>;
  /** Starts another process of the edge before the same subgraphs. */
  startAnother(changed?: Record<string, string>): Promise<{ url: string; stop: () => Promise<void> }>;
}

const contractsOf: Readonly<Record<string, ContractLists>> = { shop: shopContracts, stock: stockContracts };

async function compose(schemas: Record<string, GraphQLSchema>): Promise<string> {
  const services = await Promise.all(
    Object.entries(schemas).map(async ([name, schema]) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      typeDefs: parse(await printSdl(schema, contractsOf[name])),
    })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The test graph does not compose.');
  return supergraphSdl;
}

function urlsOf(subgraphs: readonly TestSubgraph[]): string {
  return subgraphs.map(({ name, url }) => `${name}=${url}`).join(',');
}

/** Processes beside one for each subgraph. */
export interface FurtherProcesses {
  /** Of the shop, for all that comes. */
  shops?: number;
  /** Of the shop, for mutations alone. */
  shopsForMutations?: number;
}

/** The edge before two small subgraphs, all over real HTTP; it is gone when the test is. */
export async function startEdge(
  env: Record<string, string> = {},
  further: FurtherProcesses = {},
  log: Logger = silent,
): Promise<Edge> {
  const stage = createStage();
  const schemas = { shop: shopSchema(stage), stock: stockSchema() };
  const [assertionKey, usersKey] = await Promise.all([
    createSigningKey('edge-1'),
    createSigningKey('users-1'),
  ]);
  const hopKey = createHopKey('hop-1');
  const common = { hopKeys: [hopKey], assertionKeys: [assertionKey.publicJwk] };
  const startShops = (count = 0) =>
    Promise.all(
      Array.from({ length: count }, () => startSubgraph({ name: 'shop', schema: schemas.shop, ...common })),
    );
  const [shop, shops, shopsForMutations, stock, users, supergraphSdl] = await Promise.all([
    startSubgraph({ name: 'shop', schema: schemas.shop, ...common }),
    startShops(further.shops),
    startShops(further.shopsForMutations),
    startSubgraph({ name: 'stock', schema: schemas.stock, ...common }),
    startKeyServer([usersKey.publicJwk], [hopKey]),
    compose(schemas),
  ]);
  const settings = {
    NODE_ENV: 'test',
    PORT: '0',
    ADMIN_PORT: '0',
    DRAIN_MS: '0',
    SUBGRAPH_URLS: urlsOf([shop, ...shops, stock]),
    MUTATION_URLS: urlsOf(shopsForMutations),
    HOP_KEYS: `${hopKey.id}:${hopKey.secret.toString('base64url')}`,
    ASSERTION_KEY: JSON.stringify(assertionKey.privateJwk),
    ACCESS_TOKEN_JWKS_URL: users.url,
    INTROSPECTION: 'on',
    // Most of what is tried here stands in no contract.
    CONTRACTS: 'off',
    PERSISTED_OPERATIONS: 'off',
    ...env,
  };
  const file = env['SUPERGRAPH_PATH'];
  if (file !== undefined) await writeFile(file, supergraphSdl);
  const app = await createApp(configFrom(settings), {
    log,
    ...(file === undefined && { supergraphSdl }),
  });
  const { url, adminUrl } = await app.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.stop());
  onTestFinished(async () => {
    // The subgraphs go first: a resolver that never answers would hold the edge for its deadline.
    const subgraphs = [shop, ...shops, ...shopsForMutations, stock];
    await Promise.all([...subgraphs.map((subgraph) => subgraph.stop()), users.stop()]);
    await stop();
  });

  async function send({ path = '/graphql', ...init }: RequestInit & { path?: string }): Promise<Answer> {
    const response = await fetch(url + path, init);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer['body'],
    };
  }

  return {
    url,
    adminUrl,
    shop,
    furtherShops: shops,
    shopsForMutations,
    stock,
    stage,
    users,
    usersKey,
    hopKey,
    assertionKey,
    supergraphSdl,
    send,
    swapSupergraph: (sdl) => app.swapSupergraph(sdl),
    stop,
    async startAnother(changed = {}) {
      const another = await createApp(configFrom({ ...settings, ...changed }), {
        log: silent,
        supergraphSdl,
      });
      return { url: (await another.start()).url, stop: () => another.stop() };
    },
    token: (claims) => signAccessToken(usersKey, claims),
    ask: (query, { headers, ...rest } = {}) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...rest }),
      }),
  };
}
