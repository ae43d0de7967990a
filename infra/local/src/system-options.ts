import { join } from 'node:path';
import type { Wiring } from './environment.ts';
import type { Ground, GroundOptions } from './ground.ts';
import { repositoryRoot } from './services.ts';
import type { Program } from './services.ts';

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

/** What the options say of the ground. */
export function groundOptions(
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

/** What every program is told of the others. */
export function wire(
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
