import { startCuttingProxy } from '@banyan/kit/proxy';
import {
  banyanPrograms,
  defaultBasePort,
  defaultDataDir,
  findRunningSystem,
  LocalProblem,
  startSystem,
  type Processes,
  type System,
} from '@banyan/local';
import { createWriteStream } from 'node:fs';
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
  /** Of campaigns in a system of our own. */
  readonly processes: Processes;
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

async function startOwn({ logFile, processes }: TargetOptions): Promise<Loaded> {
  const between = new AsyncDisposableStack();
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  const programs = banyanPrograms(processes);
  const giving = programs.filter(({ name, copyOf }) => name === 'campaigns' || copyOf !== undefined);
  // A gift that a fault has left is looked at as soon as the sweep may.
  const sweep = { SWEEP_AFTER_SECONDS: '15', SWEEP_EVERY_SECONDS: '1' };
  let proxy: Machinery['proxy'];
  const system: System = await startSystem({
    basePort: 0,
    programs,
    log: (source, line) => file?.write(`${new Date().toISOString()} ${source} ${line}\n`),
    settings: Object.fromEntries(giving.map(({ name }) => [name, sweep])),
    detour: async (name, databaseUrl) => {
      if (!giving.some((each) => each.name === name)) return databaseUrl;
      proxy ??= between.use(await startCuttingProxy(databaseUrl));
      return proxy.url;
    },
  });
  const target = { ...targetOf(system), ready: () => system.ready() };
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

function targetOf(system: {
  urls: Readonly<Record<string, string>>;
  databases: Readonly<Record<string, string>>;
}): Target {
  const { gateway, sandbox } = system.urls;
  const databaseUrl = system.databases['campaigns'];
  if (gateway === undefined || databaseUrl === undefined)
    throw new Error('The system has no gateway or no campaigns.');
  const campaignsUrls = Object.entries(system.urls)
    .filter(([name]) => /^(campaigns|gifts)(-\d+)?$/.test(name))
    .map(([, url]) => url);
  return { graphUrl: `${gateway}/graphql`, databaseUrl, sandboxUrl: sandbox, campaignsUrls };
}
