import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  anonymous,
  createAssertionMinter,
  signHop,
  subscriptionsPath,
  type Caller,
  type HopKey,
  type SubscriptionLine,
} from '../hop/hop.ts';
import type { SubgraphConfig } from '../subgraph/settings.ts';
import type { Subgraph } from '../subgraph/create-subgraph.ts';

/** Who asks in a test: nobody, or a person with or without roles. */
export type As = { id: string; roles?: readonly string[] } | null;
/** A partner's app that asks in a test. */
export interface AsApp {
  appId: string;
  organisationId?: string;
  scopes?: readonly string[];
  sandbox?: boolean;
}

function callerOf(as: NonNullable<As> | AsApp): Caller {
  if ('id' in as) return { subject: as.id, roles: new Set(as.roles) };
  const { appId: id, organisationId = 'org_nobody', scopes, sandbox = false } = as;
  return { ...anonymous, app: { id, organisationId, scopes: new Set(scopes), sandbox } };
}

/** What a subgraph answered. */
export interface GraphAnswer<Data> {
  data: Data;
  errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: { code: string } & Record<string, unknown>;
  }[];
}

/** The lines of a subscription without its heartbeats. */
export interface TestStream {
  next(): Promise<SubscriptionLine | undefined>;
  end(): void;
}

export interface TestSubgraph {
  url: string;
  subgraph: Subgraph;
  /** Sends one operation over the real hop: signed, with the caller's assertion. */
  ask<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    as?: As | AsApp,
    language?: string,
    network?: string,
  ): Promise<GraphAnswer<Data>>;
  /** The objects, as `Type:key`, whose change makes a copy of the answer to a stranger wrong, as the edge is told them. */
  dependenciesOf(query: string, variables?: Record<string, unknown>): Promise<readonly string[]>;
  /** Opens a subscription over the real hop; whoever reads no further ends it. */
  subscribe(query: string, variables?: Record<string, unknown>, as?: As | AsApp): Promise<TestStream>;
  /** A signed GET, such as of the feed. */
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** The one key that a subgraph under test accepts. */
export const testHopKey: HopKey = { id: 'test', secret: randomBytes(32) };
/** The one key whose assertions a subgraph under test accepts. */
export const testGatewayKey = {
  ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  kid: 'test-gateway',
} as {
  kty: string;
  kid: string;
  crv: string;
  x: string;
  d: string;
};

/** Settings of a subgraph under test: a free port, keys of this run, no log. */
export function testConfig(urls: { databaseUrl: string; redisUrl?: string | undefined }): SubgraphConfig {
  const { d: _private, ...publicKey } = testGatewayKey;
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: 0,
    DRAIN_MS: 0,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] === 'debug' ? 'debug' : 'silent',
    DATABASE_URL: urls.databaseUrl,
    MAX_CONNECTIONS: 5,
    STATEMENT_TIMEOUT_MS: 10_000,
    LOCK_TIMEOUT_MS: 5_000,
    REDIS_URL: urls.redisUrl,
    HOP_KEYS: [testHopKey],
    ASSERTION_JWKS: { keys: [publicKey] },
    PEER_URLS: {},
  };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<SubscriptionLine> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as SubscriptionLine;
  }
}

interface TestOperation {
  query: string;
  variables: Record<string, unknown>;
  as: As | AsApp;
  language: string;
  network?: string | undefined;
  dependencies?: boolean;
}

type PostOperation = (path: string, operation: TestOperation, signal?: AbortSignal) => Promise<Response>;

/** Sends operations to a subgraph as the edge does. */
async function createPost(name: string, url: string): Promise<PostOperation> {
  const minter = await createAssertionMinter(testGatewayKey);
  return async (path, { query, variables, as, ...extensions }, signal) => {
    const assertion = as === null ? undefined : await minter.mint(callerOf(as), name);
    const body = JSON.stringify({ query, variables, extensions: { ...extensions, assertion } });
    const signature = signHop(testHopKey, { subgraph: name, method: 'POST', path, body });
    const headers = { 'content-type': 'application/json', ...signature };
    return fetch(url + path, { method: 'POST', headers, body, signal: signal ?? null });
  };
}

/** Starts a subgraph on a free port and speaks to it as the gateway does. */
export async function startTestSubgraph(name: string, subgraph: Subgraph): Promise<TestSubgraph> {
  const { url } = await subgraph.start();
  const post = await createPost(name, url);

  async function ask<Data>(
    query: string,
    variables: Record<string, unknown> = {},
    as: As | AsApp = null,
    language = 'en',
    network?: string,
  ): Promise<GraphAnswer<Data>> {
    const response = await post('/graphql', { query, variables, as, language, network });
    return (await response.json()) as GraphAnswer<Data>;
  }

  async function dependenciesOf(query: string, variables: Record<string, unknown> = {}) {
    const operation = { query, variables, as: null, language: 'en', dependencies: true };
    const response = await post('/graphql', operation);
    const answer = (await response.json()) as { extensions?: { dependencies?: string[] } };
    const dependencies = answer.extensions?.dependencies;
    if (dependencies === undefined) throw new Error('The answer does not say what it depends on.');
    return dependencies;
  }

  async function subscribe(
    query: string,
    variables: Record<string, unknown> = {},
    as: As | AsApp = null,
  ): Promise<TestStream> {
    const gone = new AbortController();
    const operation = { query, variables, as, language: 'en' };
    const { body, status } = await post(subscriptionsPath, operation, gone.signal);
    if (body === null || status !== 200) throw new Error(`The subscription was answered with ${status}.`);
    const lines = readLines(body);
    return {
      async next() {
        for (;;) {
          const read = await lines.next();
          if (read.done === true) return undefined;
          if (read.value.kind !== 'heartbeat') return read.value;
        }
      },
      end: () => {
        gone.abort();
      },
    };
  }

  return {
    url,
    subgraph,
    ask,
    dependenciesOf,
    subscribe,
    async get(path) {
      const headers = signHop(testHopKey, { subgraph: name, method: 'GET', path, body: '' });
      return (await fetch(url + path, { headers })).json();
    },
    stop: () => subgraph.stop(),
  };
}
