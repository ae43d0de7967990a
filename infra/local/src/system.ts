import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { dropDatabases } from './databases.ts';
import type { Wiring } from './environment.ts';
import { clearGround, prepareGround } from './ground.ts';
import type { Ground, GroundOptions } from './ground.ts';
import { launchPrograms } from './launch.ts';
import { pollUntilReady } from './readiness.ts';
import { removeState } from './run-state.ts';
import type { Secrets } from './secrets.ts';
import { banyanPrograms, repositoryRoot } from './services.ts';
import type { Program } from './services.ts';
import { keepPostgres, keepRedis } from './stores.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

export { findK6 } from './k6.ts';
export type { FindK6Options } from './k6.ts';
export { explain, LocalProblem } from './local-problem.ts';
export { findRunningSystem } from './run-state.ts';
export type { RunState } from './run-state.ts';
export type { Secrets } from './secrets.ts';
export { banyanPrograms, MAX_PROCESSES } from './services.ts';
export type { Processes, Program } from './services.ts';

/** Where `npm start` keeps its data. */
export const defaultDataDir = join(repositoryRoot, '.banyan');
/** Where `npm start` serves the graph. */
export const defaultBasePort = 4_000;

/** What to start, and where. */
export interface SystemOptions {
  /** Folder of the data, kept between runs; without it the data live in a temporary folder until `stop`. */
  readonly dataDir?: string;
  /** Port of the gateway; all others lie at fixed distances above. 0 finds a block of free ones. Default 4000. */
  readonly basePort?: number;
  /** Throws the data of earlier runs away first. */
  readonly fresh?: boolean;
  /** Whether a new database gets the seed data. Default true. */
  readonly seed?: boolean;
  /** A PostgreSQL to use instead of the embedded one: URL of a role that may create databases and roles. */
  readonly databaseUrl?: string | undefined;
  /** The embedded PostgreSQL: a folder for its data, such as one on another disk, and further settings of the server. */
  readonly postgres?: { readonly folder?: string; readonly settings?: Readonly<Record<string, string>> };
  /** A Redis to use instead of a process of our own; `null` runs without any. */
  readonly redisUrl?: string | null | undefined;
  /** False trades the embedded PostgreSQL's durability for speed; for tests only. Default true. */
  readonly fsync?: boolean;
  /** The programs to run. Default: those of Banyan. */
  readonly programs?: readonly Program[];
  /** Settings that win over the system's own: for every program under `*`, for one under its name. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where a subgraph is to find its database instead, such as a proxy that breaks connections; asked once. */
  readonly detour?: (subgraph: string, databaseUrl: string) => Promise<string>;
  /** The caller's environment, of which the programs get PATH, HOME and the like. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Receives every line that a program prints, and under `banyan` what the supervisor says. */
  readonly log?: (source: string, line: string) => void;
  /** Ends a start that is under way; what has been started is stopped and `startSystem` throws the reason. */
  readonly signal?: AbortSignal;
}

/** A system that is up. */
export interface System {
  /** Address of every program by its name, without a path; the graph is at `/graphql` of `gateway`. */
  readonly urls: Readonly<Record<string, string>>;
  /** URLs of the subgraphs' databases, under their owner roles. */
  readonly databases: Readonly<Record<string, string>>;
  /** URL of the PostgreSQL server's superuser (or of the role in `databaseUrl`). */
  readonly adminDatabaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly secrets: Secrets;
  /** What a person should know, such as a missing Redis. */
  readonly notes: readonly string[];
  readonly secondsToReady: number;
  /** Number of the process behind a name (a program, `postgres`, `redis`); undefined while it is down. */
  pid(name: string): number | undefined;
  /** How often a process was started again. */
  restarts(name: string): number;
  /** Settles when all programs say that they are ready; throws `LocalProblem` after a minute. */
  ready(): Promise<void>;
  /** Ends all of it: gateway first, PostgreSQL last. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, Redis, the sandbox, the subgraphs (migrated, and with seed data when new) and the gateway, and
 * settles when all are ready. Whatever dies afterwards is started again. Throws `LocalProblem` or the kit's
 * `EmbeddedError`, both with advice for a person, and leaves nothing running then.
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const startedAtMs = performance.now();
  const programs = options.programs ?? banyanPrograms();
  const log = options.log ?? (() => undefined);
  const ground = await prepareGround(groundOptions(options, programs, log));
  const supervisor = await createSupervisor(ground, log);
  let stopping: Promise<void> | undefined;
  const stop = async () => (stopping ??= stopAll(supervisor, ground));
  try {
    const stores = await startStores(options, ground, supervisor);
    const wiring = wire(options, programs, ground, stores.redisUrl);
    if (options.fresh && options.databaseUrl !== undefined) {
      const owners = programs.filter(({ kind, copyOf }) => kind === 'subgraph' && copyOf === undefined);
      await dropDatabases(
        options.databaseUrl,
        owners.map(({ name }) => name),
      );
    }
    const signal = options.signal ?? new AbortController().signal;
    const launch = {
      wiring,
      adminUrl: stores.adminUrl,
      isServerOurs: options.databaseUrl === undefined,
      supervisor,
      seed: options.seed ?? true,
      seedDay: todayInShanghai(),
      detour: options.detour ?? (async (_subgraph: string, databaseUrl: string) => databaseUrl),
      signal,
    };
    const databases = await launchPrograms(programs, launch);
    const urls = Object.fromEntries(wiring.urls);
    await supervisor.publish(urls, databases);
    return {
      urls,
      databases,
      adminDatabaseUrl: stores.adminUrl,
      redisUrl: stores.redisUrl,
      secrets: ground.secrets,
      notes: stores.notes,
      secondsToReady: (performance.now() - startedAtMs) / 1_000,
      pid: (name) => supervisor.pid(name),
      restarts: (name) => supervisor.restarts(name),
      ready: async () => pollUntilReady(Object.values(urls), new AbortController().signal),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** YYYY-MM-DD; taken once for a start, so that the data of all subgraphs fit together. */
function todayInShanghai(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
}

function groundOptions(
  options: SystemOptions,
  programs: readonly Program[],
  log: (source: string, line: string) => void,
): GroundOptions {
  return {
    dataDir: options.dataDir,
    postgresFolder: options.postgres?.folder,
    basePort: options.basePort ?? defaultBasePort,
    fresh: options.fresh ?? false,
    programs,
    servers: [
      ...(options.databaseUrl === undefined ? ['postgres' as const] : []),
      ...(options.redisUrl === undefined ? ['redis' as const] : []),
    ],
    log: (line) => {
      log('banyan', line);
    },
  };
}

interface Stores {
  readonly adminUrl: string;
  readonly redisUrl: string | undefined;
  readonly notes: readonly string[];
}

/** PostgreSQL and Redis side by side; what is up is in the supervisor's care even if the other one fails. */
async function startStores(options: SystemOptions, ground: Ground, supervisor: Supervisor): Promise<Stores> {
  async function postgres(): Promise<string> {
    if (options.databaseUrl !== undefined) return options.databaseUrl;
    const server = { fsync: options.fsync ?? true, settings: options.postgres?.settings ?? {} };
    const { url, kept } = await keepPostgres(ground, server, supervisor.events);
    supervisor.keep('postgres', kept);
    return url;
  }
  async function redis(): Promise<{ url: string | undefined; note?: string }> {
    if (options.redisUrl !== undefined) return { url: options.redisUrl ?? undefined };
    const store = await keepRedis(ground, supervisor.events);
    if ('note' in store) return { url: undefined, note: store.note };
    supervisor.keep('redis', store.kept);
    return { url: store.url };
  }
  const [admin, cache] = await Promise.allSettled([postgres(), redis()]);
  if (admin.status === 'rejected') throw admin.reason;
  if (cache.status === 'rejected') throw cache.reason;
  const { url, note } = cache.value;
  return { adminUrl: admin.value, redisUrl: url, notes: note === undefined ? [] : [note] };
}

function wire(
  options: SystemOptions,
  programs: readonly Program[],
  ground: Ground,
  redisUrl: string | undefined,
): Wiring {
  const ports = new Map(programs.map(({ name }) => [name, ground.ports.get(name) ?? 0]));
  const urls = new Map([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`]));
  return {
    ports,
    adminPort: ground.ports.get('admin') ?? 0,
    urls,
    programs,
    sandboxFolder: ground.sandboxFolder,
    secrets: ground.secrets,
    redisUrl,
    overrides: options.settings ?? {},
    inherited: options.environment ?? {},
  };
}

async function stopAll(supervisor: Supervisor, ground: Ground): Promise<void> {
  await supervisor.stop();
  removeState(ground.folder);
  await clearGround(ground);
}
