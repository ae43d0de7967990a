import { performance } from 'node:perf_hooks';
import { dropDatabases } from './databases.ts';
import { clearGround, prepareGround } from './ground.ts';
import type { Ground } from './ground.ts';
import { launchPrograms } from './launch.ts';
import { pollUntilReady } from './readiness.ts';
import { removeState } from './run-state.ts';
import type { Secrets } from './secrets.ts';
import { banyanPrograms } from './services.ts';
import { startStores } from './start-stores.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';
import { groundOptions, wire } from './system-options.ts';
import type { SystemOptions } from './system-options.ts';

export { findK6 } from './k6.ts';
export type { FindK6Options } from './k6.ts';
export { explain, LocalProblem } from './local-problem.ts';
export { findRunningSystem } from './run-state.ts';
export type { RunState } from './run-state.ts';
export type { Secrets } from './secrets.ts';
export { banyanPrograms, MAX_PROCESSES } from './services.ts';
export type { Processes, Program } from './services.ts';
export { defaultBasePort, defaultDataDir } from './system-options.ts';
export type { SystemOptions } from './system-options.ts';

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

async function stopAll(supervisor: Supervisor, ground: Ground): Promise<void> {
  await supervisor.stop();
  removeState(ground.folder);
  await clearGround(ground);
}
