import type { SmallDisk } from '@banyan/kit/embedded';
import type { CuttingProxy, CutMoment } from '@banyan/kit/proxy';
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fillDisk, fillLog } from './full-disk.ts';
import type { Infliction, PlannedFault } from './repertoire.ts';

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
  /** Kills the primary and lets its standby take its place. */
  readonly failOver: (() => Promise<void>) | undefined;
}

/** By which text the calls are known that commit intents and count gifts. */
const marks: Readonly<Record<string, string>> = { intents: 'open_intents', count: 'ledger_post_batch' };

const run = promisify(execFile);

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}

/** A server with children, such as PostgreSQL, answers until they are frozen too. */
async function familyOf(pid: number): Promise<number[]> {
  const children = await run('pgrep', ['-P', String(pid)]).catch(() => ({ stdout: '' }));
  return [pid, ...children.stdout.split('\n').filter(Boolean).map(Number)];
}

async function freeze(pid: number, forMs: number): Promise<void> {
  const family = await familyOf(pid);
  for (const each of family) signal(each, 'SIGSTOP');
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
): Promise<Infliction> {
  const before = proxy.cuts;
  const deadlineMs = Date.now() + cutPatienceMs;
  const mark = marks[kind.victim] ?? kind.victim;
  proxy.cut(mark, moment, calls);
  while (proxy.cuts < before + calls && Date.now() < deadlineMs) await delay(cutLookMs);
  proxy.cut(mark, moment, 0);
  return proxy.cuts > before ? 'done' : 'not there';
}

/** Makes a fault happen; settles when it is over on our side, not when the system has come back. */
export async function inflict(machinery: Machinery, fault: PlannedFault): Promise<Infliction> {
  const { kind, forMs } = fault;
  const { action, victim } = kind;
  const pid = machinery.pid(victim);
  switch (action) {
    case 'kill':
    case 'restart':
    case 'stop at once':
      if (pid === undefined) return 'not there';
      signal(pid, ({ kill: 'SIGKILL', restart: 'SIGTERM', 'stop at once': 'SIGQUIT' } as const)[action]);
      return 'done';
    case 'freeze':
      if (pid === undefined) return 'not there';
      await freeze(pid, forMs);
      return 'done';
    case 'fill':
      if (machinery.disk === undefined) return 'not there';
      return victim === 'wal'
        ? fillLog(machinery.disk, forMs, machinery.adminUrl)
        : fillDisk(machinery.disk, forMs);
    case 'fail over':
      if (machinery.failOver === undefined) return 'not there';
      await machinery.failOver();
      return 'done';
    case 'flush':
    case 'pause':
      if (machinery.redisUrl === undefined || pid === undefined) return 'not there';
      await tellRedis(machinery.redisUrl, action === 'flush' ? 'FLUSHALL' : `CLIENT PAUSE ${forMs} ALL`);
      return 'done';
    case 'cut before':
    case 'cut after':
      if (machinery.proxy === undefined) return 'not there';
      return cut(machinery.proxy, fault, action === 'cut before' ? 'before' : 'after');
    default:
      return action satisfies never;
  }
}
