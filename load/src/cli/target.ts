import { startBalancer, startCuttingProxy } from '@banyan/kit/proxy';
import {
  banyanPrograms,
  defaultBasePort,
  defaultDataDir,
  findRunningSystem,
  LocalProblem,
  startSystem,
  type Program,
  type System,
} from '@banyan/local';
import { createWriteStream } from 'node:fs';
import pg from 'pg';
import type { Machinery } from '../faults/machinery.ts';
import type { Target } from '../run.ts';

/** A system to load, ours or another's. */
export interface Loaded extends AsyncDisposable {
  readonly target: Target;
  /** Present for a system that this run has started: no other one is ever broken. */
  readonly machinery?: Machinery;
}

export interface TargetOptions {
  readonly url: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly sandboxUrl: string | undefined;
  /** Whether the run needs a system of its own, to break it. */
  readonly isBroken: boolean;
  /** File for what the programs of a system of our own print, with times. */
  readonly logFile: string | undefined;
  /** Processes of campaigns in a system of our own. */
  readonly campaigns: number;
  readonly say: (line: string) => void;
}

/** The system named, the one that runs, or one of our own. */
export async function findTarget(options: TargetOptions): Promise<Loaded> {
  const { url, databaseUrl, sandboxUrl, isBroken, say } = options;
  if (url !== undefined && isBroken) {
    throw new LocalProblem(
      'Only a system that this run has started itself is broken.',
      'Leave --url out, or break the other system by its own means while npm run surge -- --url … loads it.',
    );
  }
  if (url !== undefined) {
    if (databaseUrl === undefined) {
      throw new LocalProblem(
        'The auditor must see the ledger.',
        'Add --database-url with the campaigns database.',
      );
    }
    const target = { graphUrl: new URL('/graphql', url).href, databaseUrl, sandboxUrl };
    return { target, [Symbol.asyncDispose]: async () => undefined };
  }
  const running = isBroken ? undefined : await findRunningSystem(defaultDataDir);
  if (running !== undefined) {
    say(`Loading the system that runs at ${running.urls['gateway'] ?? `port ${defaultBasePort}`}.`);
    return { target: targetOf(running), [Symbol.asyncDispose]: async () => undefined };
  }
  say('Starting a system for this run.');
  return startOwn(options);
}

/** Distance of a further process of campaigns from the gateway's port. */
const firstCopyOffset = 113;

/** The programs of Banyan, with further processes of campaigns. */
function programsWith(campaigns: number): Program[] {
  const programs = banyanPrograms();
  const original = programs.find(({ name }) => name === 'campaigns');
  if (original === undefined) throw new Error('there is no campaigns subgraph');
  const copies = Array.from({ length: campaigns - 1 }, (_each, index): Program => ({
    ...original,
    name: `campaigns-${index + 2}`,
    portOffset: firstCopyOffset + index,
    copyOf: original.name,
  }));
  return [...programs, ...copies];
}

async function startOwn({ logFile, campaigns }: TargetOptions): Promise<Loaded> {
  const between = new AsyncDisposableStack();
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  const programs = programsWith(campaigns);
  const giving = programs.filter(({ name, copyOf }) => name === 'campaigns' || copyOf !== undefined);
  // A gift that a fault has left is looked at as soon as the sweep may.
  const sweep = { SWEEP_AFTER_SECONDS: '15', SWEEP_EVERY_SECONDS: '1' };
  let proxy: Machinery['proxy'];
  const system: System = await startSystem({
    basePort: 0,
    programs,
    log: (source, line) => file?.write(`${new Date().toISOString()} ${source} ${line}\n`),
    settings: Object.fromEntries(giving.map(({ name }) => [name, sweep])),
    entrance: async (_subgraph, urls) => {
      const [only] = urls;
      if (urls.length === 1 && only !== undefined) return only;
      const balancer = between.use(await startBalancer());
      balancer.aim(urls);
      return balancer.url;
    },
    detour: async (name, databaseUrl) => {
      if (!giving.some((each) => each.name === name)) return databaseUrl;
      proxy ??= between.use(await startCuttingProxy(databaseUrl));
      return proxy.url;
    },
  });
  const target = { ...targetOf(system), ready: () => system.ready() };
  await checkpoint(system.adminDatabaseUrl);
  const { redisUrl } = system;
  const { databaseUrl } = target;
  const machinery = { pid: (name: string) => system.pid(name), redisUrl, databaseUrl, proxy };
  return {
    target,
    machinery,
    [Symbol.asyncDispose]: async () => {
      await system.stop();
      await between.disposeAsync();
      file?.end();
    },
  };
}

/** What the seed has written is not what a crash in the run must recover. */
async function checkpoint(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('checkpoint');
  await client.end();
}

function targetOf(system: {
  urls: Readonly<Record<string, string>>;
  databases: Readonly<Record<string, string>>;
}): Target {
  const { gateway, sandbox, campaigns } = system.urls;
  const databaseUrl = system.databases['campaigns'];
  if (gateway === undefined || databaseUrl === undefined)
    throw new Error('The system has no gateway or no campaigns.');
  return { graphUrl: `${gateway}/graphql`, databaseUrl, sandboxUrl: sandbox, campaignsUrl: campaigns };
}
