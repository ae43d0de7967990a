import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkpoint, dropDatabases, openDatabase, readSeedState, writeSeedState } from './databases.ts';
import { environmentOf } from './environment.ts';
import type { Wiring } from './environment.ts';
import { keepRunning } from './keep-running.ts';
import { runProgram, startProgram } from './program.ts';
import { waitUntilReady } from './readiness.ts';
import type { Program } from './services.ts';
import type { Supervisor } from './supervisor.ts';

/** What every program is started with. */
export interface Launch {
  readonly wiring: Wiring;
  readonly adminUrl: string;
  /** Whether the PostgreSQL is the embedded one. */
  readonly isServerOurs: boolean;
  readonly supervisor: Supervisor;
  /** Whether new databases get the seed data. */
  readonly seed: boolean;
  /** Day that all seed data of this start are relative to, YYYY-MM-DD: the seeds may run on both sides of midnight. */
  readonly seedDay: string;
  /** Where a subgraph is to find its database instead. */
  readonly detour: (subgraph: string, databaseUrl: string) => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * Starts all programs: the sandbox and the subgraphs side by side, the gateway when those are ready. Answers with the
 * owner URLs of the databases. When one fails, the others are let go too before the error is thrown.
 */
export async function launchPrograms(
  programs: readonly Program[],
  launch: Launch,
): Promise<Record<string, string>> {
  const failure = new AbortController();
  const bound = { ...launch, signal: AbortSignal.any([launch.signal, failure.signal]) };
  const databases: Record<string, string> = {};
  /** What fails calls off the rest. */
  async function guard(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      failure.abort(error);
    }
  }
  async function start(program: Program): Promise<void> {
    if (program.copyOf !== undefined) await startCopy(program, program.copyOf, bound);
    else if (program.kind === 'subgraph') databases[program.name] = await startSubgraph(program, bound);
    else await startService(program, bound);
  }
  async function together(work: readonly Promise<unknown>[]): Promise<void> {
    await Promise.all(work.map(guard));
    bound.signal.throwIfAborted();
  }
  const isLast = (program: Program) => program.kind === 'gateway';
  const isCopy = (program: Program) => program.copyOf !== undefined;
  await together(programs.filter((each) => !isLast(each) && !isCopy(each)).map(start));
  // A copy shares a database that must be there.
  await together(programs.filter(isCopy).map(start));
  // What migrations and seeds have written is not what a crash must recover; on another's server that is its own affair.
  const settling = launch.isServerOurs ? [checkpoint(launch.adminUrl)] : [];
  await together([...programs.filter(isLast).map(start), ...settling]);
  return databases;
}

/** A subgraph: database, migrations, seed data if the database is new, then the service. Answers with the owner's URL. */
async function startSubgraph(program: Program, launch: Launch): Promise<string> {
  const { name, folder } = program;
  const { adminUrl } = launch;
  // Seed data by halves cannot be loaded again. Nobody has worked with them: services start when they are whole.
  if ((await readSeedState(adminUrl, name)) === 'begun') await dropDatabases(adminUrl, [name]);
  const { ownerUrl, appUrl } = await openDatabase(adminUrl, name, launch.wiring.secrets);
  const once = async (file: string) => {
    const path = join(folder, 'src', file);
    if (!existsSync(path)) return;
    const env = {
      SEED_DAY: launch.seedDay,
      ...environmentOf(program, launch.wiring, appUrl),
      DATABASE_OWNER_URL: ownerUrl,
    };
    await runProgram({ name, file: path, env, onLine: lineLogger(name, launch) }, launch.signal);
  };
  await once('migrate.ts');
  if ((await readSeedState(adminUrl, name)) === undefined) {
    if (launch.seed) {
      await writeSeedState(adminUrl, name, 'begun');
      await once('seed.ts');
    }
    await writeSeedState(adminUrl, name, launch.seed ? 'loaded' : 'left out');
  }
  await startService(program, launch, await launch.detour(name, appUrl));
  return ownerUrl;
}

/** A further process on the database of a subgraph. */
async function startCopy(program: Program, original: string, launch: Launch): Promise<void> {
  const { appUrl } = await openDatabase(launch.adminUrl, original, launch.wiring.secrets);
  await startService(program, launch, await launch.detour(program.name, appUrl));
}

/** A program that serves: up, ready, and from then on kept running. */
async function startService(program: Program, launch: Launch, databaseUrl?: string): Promise<void> {
  const { name, folder } = program;
  const { supervisor, wiring, signal } = launch;
  signal.throwIfAborted();
  const command = {
    name,
    file: join(folder, 'src/main.ts'),
    env: environmentOf(program, wiring, databaseUrl),
    onLine: lineLogger(name, launch),
  };
  const first = await startProgram(command);
  try {
    await waitUntilReady(first, wiring.urls.get(name) ?? '', signal);
  } catch (error) {
    await first.stop();
    throw error;
  }
  const kept = keepRunning({
    name,
    first,
    restart: async () => startProgram(command),
    log: lineLogger('banyan', launch),
    onChange: supervisor.events.onChange,
  });
  supervisor.keep(program.kind, kept);
}

function lineLogger(source: string, launch: Launch): (line: string) => void {
  return (line) => {
    launch.supervisor.events.log(source, line);
  };
}
