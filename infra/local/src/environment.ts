import { join } from 'node:path';
import { merchantSecret, publicKeyOf } from './secrets.ts';
import type { Secrets } from './secrets.ts';
import { repositoryRoot } from './services.ts';
import type { Program } from './services.ts';

/** What the programs must know of each other. */
export interface Wiring {
  readonly urls: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<string, number>;
  /** Of the gateway, for operators. */
  readonly adminPort: number;
  readonly programs: readonly Program[];
  /** Where the sandbox keeps the book of the payment provider. */
  readonly sandboxFolder: string;
  readonly secrets: Secrets;
  readonly redisUrl: string | undefined;
  /** Settings of the caller: for all programs under `*`, for one under its name. */
  readonly overrides: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The caller's own environment, of which programs get what has nothing to do with Banyan. */
  readonly inherited: NodeJS.ProcessEnv;
}

/** All load comes from this machine's one address, and from few people: a town behind one door. */
const budgetsOfOneMachine = Object.fromEntries(
  ['STRANGER', 'PERSON', 'GIFT'].flatMap((who) => [
    [`QUOTA_${who}_REQUESTS_PER_MINUTE`, '1000000'],
    [`QUOTA_${who}_COST_PER_MINUTE`, '100000000'],
  ]),
);

const inheritedNames = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'NODE_V8_COVERAGE',
];

/** The environment of a program that serves. `databaseUrl` is that of a subgraph's application role. */
export function environmentOf(
  program: Program,
  wiring: Wiring,
  databaseUrl: string | undefined,
): Record<string, string> {
  return {
    // A third less time to start and to come back, since nobody compiles the same files again.
    NODE_COMPILE_CACHE: join(repositoryRoot, 'node_modules/.cache/banyan'),
    ...inheritedBy(wiring),
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(wiring.ports.get(program.name) ?? 0),
    ...settingsOfKind(program, wiring, databaseUrl),
    ...secretsOf(program, wiring.secrets),
    ...wiring.overrides['*'],
    ...wiring.overrides[program.name],
  };
}

function settingsOfKind(
  program: Program,
  wiring: Wiring,
  databaseUrl: string | undefined,
): Record<string, string> {
  const redis: Record<string, string> = wiring.redisUrl === undefined ? {} : { REDIS_URL: wiring.redisUrl };
  switch (program.kind) {
    case 'sandbox':
      return {
        DATA_DIR: wiring.sandboxFolder,
        MERCHANTS: (program.merchants ?? [])
          .map((name) => `${name}=${merchantSecret(name, wiring.secrets)}`)
          .join(','),
      };
    case 'subgraph':
      return {
        ...redis,
        DATABASE_URL: databaseUrl ?? '',
        HOP_KEYS: wiring.secrets.hopKeys,
        ASSERTION_JWKS: JSON.stringify({ keys: [publicKeyOf(wiring.secrets.assertionKey)] }),
        PEER_URLS: urlMap(program.feeds ?? [], wiring),
        SANDBOX_URL: urlOf('sandbox', wiring),
      };
    case 'gateway':
      return {
        ...redis,
        ADMIN_PORT: String(wiring.adminPort),
        SUPERGRAPH_PATH: join(repositoryRoot, 'schema/supergraph.graphql'),
        ...poolsOf(wiring),
        HOP_KEYS: wiring.secrets.hopKeys,
        ASSERTION_KEY: JSON.stringify(wiring.secrets.assertionKey),
        ACCESS_TOKEN_JWKS_URL: `${urlOf('users', wiring)}/.well-known/jwks.json`,
        ...budgetsOfOneMachine,
        INTROSPECTION: 'on',
        EXPLORER: 'on',
      };
    default:
      return program.kind satisfies never;
  }
}

function secretsOf(program: Program, secrets: Secrets): Record<string, string> {
  const values = {
    ACCESS_TOKEN_KEY: JSON.stringify(secrets.accessTokenKey),
    FIELD_KEY: secrets.fieldKey,
    PAYMENTS_SECRET: merchantSecret(program.copyOf ?? program.name, secrets),
  };
  return Object.fromEntries((program.secrets ?? []).map((name) => [name, values[name]]));
}

function inheritedBy(wiring: Wiring): Record<string, string> {
  const entries = inheritedNames.flatMap((name) => {
    const value = wiring.inherited[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The processes of each subgraph, named once each; a pool for mutations only where somebody is in it. */
function poolsOf(wiring: Wiring): Record<string, string> {
  const { programs } = wiring;
  const subgraphs = programs.filter(({ kind }) => kind === 'subgraph');
  const list = (pool: readonly Program[]) =>
    pool.map(({ name, copyOf }) => `${copyOf ?? name}=${urlOf(name, wiring)}`).join(',');
  const mutations = subgraphs.filter(({ pool }) => pool === 'mutations');
  return {
    SUBGRAPH_URLS: list(subgraphs.filter(({ pool }) => pool === undefined)),
    ...(mutations.length > 0 && { MUTATION_URLS: list(mutations) }),
  };
}

/** `name=url,name=url` of those programs that stand. */
function urlMap(names: readonly string[], wiring: Wiring): string {
  return names
    .filter((name) => wiring.urls.has(name))
    .map((name) => `${name}=${urlOf(name, wiring)}`)
    .join(',');
}

function urlOf(name: string, wiring: Wiring): string {
  return wiring.urls.get(name) ?? 'http://127.0.0.1:9';
}
