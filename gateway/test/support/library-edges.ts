import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { configFrom } from '../../src/config.ts';
import { createHopKey, createSigningKey, signAccessToken, startKeyServer } from './keys.ts';
import { startLibrary, type Library } from './library.ts';
import { startReaders } from './readers.ts';
import { silent } from './subgraph.ts';

export interface LibraryAnswer {
  data: Record<string, unknown> | null;
  errors?: unknown[];
}

/** Asks one of the gateways, as a person or as a stranger. */
export type AskLibrary = (
  query: string,
  options?: { as?: string; edge?: number; deadlineMs?: number },
) => Promise<LibraryAnswer>;

export interface LibraryEdges {
  library: Library;
  /** Where the gateways are. */
  urls: readonly string[];
  ask: AskLibrary;
  /** The supergraph that the gateways begin with. */
  supergraphSdl: string;
  /** Lets a gateway go over to another supergraph. */
  swap: (supergraphSdl: string, edge?: number) => Promise<void>;
  /** An access token of a person. */
  token: (sub: string) => Promise<string>;
  /** A figure of a gateway's metrics. */
  metric: (name: string, edge?: number) => Promise<number>;
}

/** Gateways before a subgraph that says what changes, and before another one that points at its books where that is asked. */
export async function startLibraryEdges(
  options: {
    edges?: readonly Record<string, string>[];
    withReaders?: boolean;
    /** What the library takes for its database. */
    databaseBy?: (url: string) => Promise<string>;
  } = {},
): Promise<LibraryEdges> {
  const [assertionKey, usersKey] = await Promise.all([
    createSigningKey('edge-1'),
    createSigningKey('users-1'),
  ]);
  const hopKey = createHopKey('hop-1');
  const keys = { hopKeys: [hopKey], assertionKeys: [assertionKey.publicJwk] };
  const library = await startLibrary(keys, options.databaseBy);
  const subgraphs = [
    { name: 'library', ...library },
    ...(options.withReaders === true ? [{ name: 'readers', ...(await startReaders(keys)) }] : []),
  ];
  const users = await startKeyServer([usersKey.publicJwk]);
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The library does not compose.');
  const edges = await Promise.all(
    (options.edges ?? [{}]).map(async (env) => {
      const config = configFrom({
        NODE_ENV: 'test',
        PORT: '0',
        ADMIN_PORT: '0',
        SUBGRAPH_URLS: subgraphs.map(({ name, url }) => `${name}=${url}`).join(','),
        HOP_KEYS: `${hopKey.id}:${hopKey.secret.toString('base64url')}`,
        ASSERTION_KEY: JSON.stringify(assertionKey.privateJwk),
        ACCESS_TOKEN_JWKS_URL: users.url,
        CONTRACTS: 'off',
        ...env,
      });
      const app = await createApp(config, { log: silent, supergraphSdl });
      const started = await app.start();
      onTestFinished(() => app.stop());
      return { ...started, swap: (sdl: string) => app.swapSupergraph(sdl) };
    }),
  );
  onTestFinished(() => users.stop());

  const ask: AskLibrary = async (query, { as, edge = 0, deadlineMs } = {}) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (as !== undefined) headers['authorization'] = `Bearer ${await signAccessToken(usersKey, { sub: as })}`;
    if (deadlineMs !== undefined) headers['banyan-deadline-ms'] = String(deadlineMs);
    const response = await fetch(`${edges[edge]?.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as LibraryAnswer;
  };
  const metric = async (name: string, edge = 0) => {
    const text = await (await fetch(`${edges[edge]?.adminUrl}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(name) && !each.startsWith('#'));
    return Number(line?.split(' ').at(-1) ?? 0);
  };
  return {
    library,
    urls: edges.map(({ url }) => url),
    ask,
    supergraphSdl,
    swap: async (sdl, edge = 0) => edges[edge]?.swap(sdl),
    token: (sub) => signAccessToken(usersKey, { sub }),
    metric,
  };
}
