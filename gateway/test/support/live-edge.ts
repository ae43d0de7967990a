import { composeServices } from '@apollo/composition';
import { printSdl } from '@banyan/kit/graphql';
import { parse } from 'graphql';
import {
  createClient as createSseClient,
  type Client as SseClient,
  type ClientOptions as SseOptions,
} from 'graphql-sse';
import { createClient as createWsClient, type Client as WsClient, type ClientOptions } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { createApp, type Edge } from '../../src/app.ts';
import { configFrom } from '../../src/config.ts';
import { Boards, boardsSchema, titlesSchema } from './boards.ts';
import { createHopKey, createSigningKey, signAccessToken, startKeyServer, type TokenClaims } from './keys.ts';
import { silent, startSubgraph, type TestSubgraph } from './subgraph.ts';

export interface LiveEdge {
  url: string;
  app: Edge;
  boards: Boards;
  /** The processes of the subgraph that owns the boards. */
  processes: readonly TestSubgraph[];
  titles: TestSubgraph;
  users: Awaited<ReturnType<typeof startKeyServer>>;
  supergraphSdl: string;
  token(claims?: TokenClaims): Promise<string>;
  /** A figure of the edge, all of its labels together or those that are named. */
  figure(name: string, labels?: string): Promise<number>;
  /** Starts the first process of the boards again, where it was. */
  startProcess(): Promise<void>;
  stop(): Promise<void>;
}

export interface LiveEdgeOptions {
  env?: Record<string, string>;
  /** For each process of the boards, how many versions it is behind. */
  behindBy?: readonly (() => bigint)[];
  /** How long the streams of the boards last, in milliseconds. */
  streamMs?: number;
}

async function compose(): Promise<string> {
  const boards = new Boards();
  const schemas = { boards: boardsSchema(boards), titles: titlesSchema(boards) };
  const services = await Promise.all(
    Object.entries(schemas).map(async ([name, schema]) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      typeDefs: parse(await printSdl(schema)),
    })),
  );
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The test graph does not compose.');
  return supergraphSdl;
}

/** The edge before boards that change and their titles, over real HTTP; it is gone when the test is. */
export async function startLiveEdge({
  env = {},
  behindBy = [() => 0n],
  streamMs,
}: LiveEdgeOptions = {}): Promise<LiveEdge> {
  const boards = new Boards();
  const [assertionKey, usersKey] = await Promise.all([
    createSigningKey('edge-1'),
    createSigningKey('users-1'),
  ]);
  const hopKey = createHopKey('hop-1');
  const common = { hopKeys: [hopKey], assertionKeys: [assertionKey.publicJwk] };
  const [processes, titles, users, supergraphSdl] = await Promise.all([
    Promise.all(
      behindBy.map((behind) =>
        startSubgraph({
          name: 'boards',
          schema: boardsSchema(boards, behind),
          ...common,
          ...(streamMs !== undefined && { streamMs }),
        }),
      ),
    ),
    startSubgraph({ name: 'titles', schema: titlesSchema(boards), ...common }),
    startKeyServer([usersKey.publicJwk], [hopKey]),
    compose(),
  ]);
  const config = configFrom({
    NODE_ENV: 'test',
    PORT: '0',
    ADMIN_PORT: '0',
    SUBGRAPH_URLS: [...processes, titles].map(({ name, url }) => `${name}=${url}`).join(','),
    HOP_KEYS: `${hopKey.id}:${hopKey.secret.toString('base64url')}`,
    ASSERTION_KEY: JSON.stringify(assertionKey.privateJwk),
    ACCESS_TOKEN_JWKS_URL: users.url,
    CONTRACTS: 'off',
    PERSISTED_OPERATIONS: 'off',
    DRAIN_MS: '0',
    LIVE_COALESCE_MS: '20',
    ...env,
  });
  const app = await createApp(config, { log: silent, supergraphSdl });
  const { url, adminUrl } = await app.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.stop());
  onTestFinished(async () => {
    await stop();
    await Promise.all([...processes, titles, users].map((each) => each.stop()));
  });
  return {
    url,
    app,
    boards,
    processes,
    titles,
    users,
    supergraphSdl,
    async startProcess() {
      const port = Number(new URL(processes[0]?.url ?? '').port);
      const again = await startSubgraph({ name: 'boards', schema: boardsSchema(boards), ...common, port });
      onTestFinished(() => again.stop());
    },
    stop,
    token: (claims) => signAccessToken(usersKey, claims),
    async figure(name, labels = '') {
      const text = await (await fetch(`${adminUrl}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(name) && line.includes(labels));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
  };
}

/** What a client gets, one after the other. */
export interface Received<Data> {
  /** The next result; rejects when the subscription ends before it. */
  next(): Promise<{
    data?: Data | null;
    errors?: readonly { extensions?: { code?: string; reason?: string } }[];
  }>;
  /** Resolves when the subscription is complete. */
  completed: Promise<void>;
  leave(): void;
  hasLeft(): boolean;
}

/** What the clients of both protocols have. */
interface AnyClient {
  iterate(request: Request): AsyncIterableIterator<unknown>;
}
interface Request {
  query: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

/** Subscribes by a real client of one of the protocols. */
export function receive<Data = { boardChanged: { version: string; title?: string } }>(
  client: AnyClient,
  request: Request,
): Received<Data> {
  const results = client.iterate(request) as AsyncIterableIterator<
    Awaited<ReturnType<Received<Data>['next']>>
  >;
  const { promise: completed, resolve } = Promise.withResolvers<void>();
  let isGone = false;
  const leave = () => {
    isGone = true;
    void results.return?.();
  };
  onTestFinished(leave);
  return {
    async next() {
      const read = await results.next();
      if (read.done === true) {
        resolve();
        throw new Error('The subscription is complete.');
      }
      return read.value;
    },
    completed,
    leave,
    hasLeft: () => isGone,
  };
}

/** graphql-sse's client; it does not come back by itself unless asked. */
export function sseClient(edge: LiveEdge, token?: string, options: Partial<SseOptions> = {}): SseClient {
  const client = createSseClient({
    url: `${edge.url}/graphql/stream`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    retry: () => Promise.resolve(),
    ...options,
  });
  onTestFinished(() => {
    client.dispose();
  });
  return client;
}

/** graphql-ws's client. */
export function wsClient(edge: LiveEdge, options: Partial<ClientOptions> = {}): WsClient {
  const client = createWsClient({
    url: edge.url.replace('http', 'ws') + '/graphql',
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    retryWait: () => Promise.resolve(),
    ...options,
  });
  onTestFinished(() => client.dispose());
  return client;
}

export const boardChanged = 'subscription ($id: ID!) { boardChanged(id: $id) { version } }';
export const withTitle = 'subscription ($id: ID!) { boardChanged(id: $id) { version title } }';
