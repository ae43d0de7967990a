import type { SmallDisk } from '@banyan/kit/embedded';
import type { CuttingProxy, CutMoment } from '@banyan/kit/proxy';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fillDisk, fillLog } from './full-disk.ts';
import { timeUntilDatabaseAnswers } from './probe.ts';
import { familyOf } from './process-family.ts';
import type { Infliction, PlannedFault, TakeEffect } from './repertoire.ts';

/** A system whose parts can be broken. */
export interface Machinery {
  /** Number of the process behind a name; undefined while it is down. */
  pid(name: string): number | undefined;
  readonly redisUrl: string | undefined;
  /** Of PostgreSQL itself, past the proxy. */
  readonly databaseUrl: string;
  /** Its superuser's. */
  readonly adminUrl: string;
  /** Between campaigns and PostgreSQL. */
  readonly proxy: CuttingProxy | undefined;
  /** That holds the data of PostgreSQL. */
  readonly disk: SmallDisk | undefined;
  /** Kills the primary and lets its standby take its place; says when the primary is dead. */
  readonly failOver: ((takeEffect: TakeEffect) => Promise<void>) | undefined;
}

/** By which text the calls are known that commit intents and count gifts. */
const marks: Readonly<Record<string, string>> = { intents: 'open_intents', count: 'ledger_post_batch' };

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

async function freeze(pid: number, forMs: number, takeEffect: TakeEffect): Promise<void> {
  const family = await familyOf(pid);
  for (const each of family) signal(each, 'SIGSTOP');
  takeEffect();
  await delay(forMs);
  for (const each of family.toReversed()) signal(each, 'SIGCONT');
}

/** Sends one command by itself; what is answered does not matter, and a Redis that is gone hears nothing. */
async function tellRedis(url: string, command: string): Promise<void> {
  const { hostname, port } = new URL(url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${command}\r\n`));
    socket.once('data', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}

const cutPatienceMs = 3_000;
const cutLookMs = 20;

/** Orders the cuts and waits until they have happened; with no call to cut there is no fault. None is left for later. */
async function cut(
  proxy: CuttingProxy,
  { kind, calls }: PlannedFault,
  moment: CutMoment,
  takeEffect: TakeEffect,
): Promise<Infliction> {
  const before = proxy.cuts;
  const deadlineMs = Date.now() + cutPatienceMs;
  const mark = marks[kind.victim] ?? kind.victim;
  proxy.cut(mark, moment, calls);
  while (proxy.cuts < before + calls && Date.now() < deadlineMs) {
    await delay(cutLookMs);
    if (proxy.cuts > before) takeEffect();
  }
  proxy.cut(mark, moment, 0);
  return proxy.cuts > before ? 'done' : 'without effect';
}

const victimPatienceMs = 5_000;
const victimLookMs = 50;

/** Waits a while for what a fault is to befall: it may still be coming back from the last one. */
export async function awaitVictim(
  machinery: Machinery,
  { kind: { action, victim } }: PlannedFault,
): Promise<void> {
  if (['fail over', 'cut before', 'cut after'].includes(action)) return;
  if (action === 'fill') {
    // It is felt by a connection, and a process that recovers takes none yet.
    await timeUntilDatabaseAnswers(machinery.adminUrl, victimPatienceMs);
    return;
  }
  const deadlineMs = Date.now() + victimPatienceMs;
  while (machinery.pid(victim) === undefined && Date.now() < deadlineMs) await delay(victimLookMs);
}

/** Makes a fault happen; settles when it is over on our side, not when the system has come back. */
export async function inflict(
  machinery: Machinery,
  fault: PlannedFault,
  takeEffect: TakeEffect,
): Promise<Infliction> {
  const { kind, forMs } = fault;
  const { action, victim } = kind;
  const pid = machinery.pid(victim);
  switch (action) {
    case 'kill':
    case 'restart':
    case 'stop at once':
      if (pid === undefined) return 'not there';
      signal(pid, ({ kill: 'SIGKILL', restart: 'SIGTERM', 'stop at once': 'SIGQUIT' } as const)[action]);
      takeEffect();
      return 'done';
    case 'freeze':
      if (pid === undefined) return 'not there';
      await freeze(pid, forMs, takeEffect);
      return 'done';
    case 'fill':
      if (machinery.disk === undefined) return 'not there';
      return victim === 'wal'
        ? fillLog(machinery.disk, forMs, machinery.adminUrl, takeEffect)
        : fillDisk(machinery.disk, forMs, machinery.adminUrl, takeEffect);
    case 'fail over':
      if (machinery.failOver === undefined) return 'not there';
      await machinery.failOver(takeEffect);
      return 'done';
    case 'flush':
    case 'pause':
      if (machinery.redisUrl === undefined || pid === undefined) return 'not there';
      await tellRedis(machinery.redisUrl, action === 'flush' ? 'FLUSHALL' : `CLIENT PAUSE ${forMs} ALL`);
      takeEffect();
      return 'done';
    case 'cut before':
    case 'cut after':
      if (machinery.proxy === undefined) return 'not there';
      return cut(machinery.proxy, fault, action === 'cut before' ? 'before' : 'after', takeEffect);
    default:
      return action satisfies never;
  }
}
