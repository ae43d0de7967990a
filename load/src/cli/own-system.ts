import { startPostgresPair, type SmallDisk } from '@banyan/kit/embedded';
import { startCuttingProxy, startSwitchingProxy } from '@banyan/kit/proxy';
import { banyanPrograms, LocalProblem, startSystem, type Processes, type SystemOptions } from '@banyan/local';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '../database.ts';
import type { Machinery } from '../faults/machinery.ts';
import { targetOf, type Loaded } from './loaded.ts';

/** What a system of our own is to be like. */
export interface OwnSystemOptions {
  /** File for what its programs print, with times. */
  readonly logFile: string | undefined;
  readonly processes: Processes;
  /** Holds the data of PostgreSQL, so that it can be made full. */
  readonly disk?: SmallDisk | undefined;
  /** Per cent of the requests that the edge's usual budgets allow; without it those of a town behind one door. */
  readonly budgetPercent?: number | undefined;
  /** A primary with a synchronous standby that can take its place. */
  readonly hasStandby?: boolean;
}

/** A gift that a fault has left is looked at as soon as the sweep may. */
const sweep = { SWEEP_AFTER_SECONDS: '15', SWEEP_EVERY_SECONDS: '1' };
/** The edge's usual budgets: requests and cost a minute (docs/limits.md). */
const usualBudgets = {
  STRANGER: { requests: 6_000, cost: 120_000 },
  PERSON: { requests: 1_200, cost: 60_000 },
  GIFT: { requests: 6_000, cost: 240_000 },
} as const;
/** The log must leave room for the data on a small disk. */
const smallDiskSettings = { max_wal_size: '256MB' };

/** Starts a system whose parts can be broken. */
export async function startOwnSystem(options: OwnSystemOptions): Promise<Loaded> {
  const { logFile, processes, disk } = options;
  await using made = new AsyncDisposableStack();
  const file = logFile === undefined ? undefined : createWriteStream(logFile);
  made.defer(() => void file?.end());
  const log = (source: string, line: string) =>
    file?.write(`${new Date().toISOString()} ${source} ${line}\n`);
  const programs = banyanPrograms(processes);
  const giving = programs.filter(({ name, copyOf }) => name === 'campaigns' || copyOf === 'campaigns');
  const pair = options.hasStandby ? await startPair(made, log) : undefined;
  let proxy: Machinery['proxy'];
  const system = await startSystem({
    basePort: 0,
    programs,
    log,
    settings: {
      ...Object.fromEntries(giving.map(({ name }) => [name, sweep])),
      ...(options.budgetPercent !== undefined && { gateway: budgetsOf(options.budgetPercent) }),
    },
    detour: async (name, databaseUrl) => {
      if (!giving.some((each) => each.name === name)) return databaseUrl;
      proxy ??= made.use(await startCuttingProxy(databaseUrl));
      return proxy.url;
    },
    ...placeOf(disk, pair?.url),
  });
  made.defer(async () => system.stop());
  const target = { ...targetOf(system), ready: () => system.ready() };
  const cleanup = made.move();
  return {
    target,
    machinery: {
      pid: (name) => system.pid(name),
      redisUrl: system.redisUrl,
      databaseUrl: target.databaseUrl,
      adminUrl: system.adminDatabaseUrl,
      proxy,
      disk,
      failOver: pair?.failOver,
    },
    [Symbol.asyncDispose]: async () => cleanup.disposeAsync(),
  };
}

function budgetsOf(percent: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(usualBudgets).flatMap(([who, { requests, cost }]) => [
      [`QUOTA_${who}_REQUESTS_PER_MINUTE`, String(Math.ceil((requests * percent) / 100))],
      [`QUOTA_${who}_COST_PER_MINUTE`, String(cost)],
    ]),
  );
}

/** Where PostgreSQL is, or its data are. */
function placeOf(disk: SmallDisk | undefined, databaseUrl: string | undefined): SystemOptions {
  return {
    ...(disk && { postgres: { folder: join(disk.folder, 'postgres'), settings: smallDiskSettings } }),
    ...(databaseUrl !== undefined && { databaseUrl }),
  };
}

/** All programs reach the primary by one address, which leads to the standby once that has taken over. */
async function startPair(
  made: AsyncDisposableStack,
  log: (source: string, line: string) => void,
): Promise<{ url: string; failOver: NonNullable<Machinery['failOver']> }> {
  const pair = made.use(await startPostgresPair({ onLog: log }));
  const address = made.use(await startSwitchingProxy(pair.primary.url));
  return {
    url: address.url,
    async failOver(takeEffect) {
      await assertIsSynchronous(pair.primary.url);
      process.kill(pair.primary.pid, 'SIGKILL');
      await pair.primary.exited;
      takeEffect();
      await pair.promote();
      address.switchTo(pair.standby.url);
    },
  };
}

/** Whether every commit waited for the standby until now: else its taking over would prove nothing. */
async function assertIsSynchronous(primaryUrl: string): Promise<void> {
  await withClient(primaryUrl, async (client) => {
    const { rows } = await client.query(`select from pg_stat_replication where sync_state = 'quorum'`);
    if (rows.length > 0) return;
    throw new LocalProblem('The primary has no synchronous standby.', 'Look at what it prints: --log FILE.');
  });
}
