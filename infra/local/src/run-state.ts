import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LocalProblem } from './local-problem.ts';
import { birthOf } from './process-identity.ts';

const processSchema = z.object({ name: z.string(), pid: z.number(), birth: z.string() });

const stateSchema = z.object({
  supervisor: processSchema,
  processes: z.array(processSchema),
  /** Addresses by name; present when the system is ready. */
  urls: z.record(z.string(), z.string()),
  /** URLs of the subgraphs' databases, under their owner roles. */
  databases: z.record(z.string(), z.string()),
});

/** What a running system leaves on disk, for those who want to use it and for the start after a crash. */
export type RunState = z.infer<typeof stateSchema>;
type KnownProcess = z.infer<typeof processSchema>;

const FILE = 'system.json';
const ORPHAN_PATIENCE_MS = 15_000;
const LOOK_INTERVAL_MS = 50;

/** The state of the system that runs on this data folder; undefined when none does. */
export async function findRunningSystem(folder: string): Promise<RunState | undefined> {
  const state = readState(folder);
  return state && (await isAlive(state.supervisor)) ? state : undefined;
}

/**
 * Makes sure that nothing of an earlier run is left: throws a `LocalProblem` when it still runs in good order, and ends
 * the processes that it left behind when it was killed. Returns their names.
 */
export async function endOrphans(folder: string): Promise<string[]> {
  const state = readState(folder);
  if (!state) return [];
  if (await isAlive(state.supervisor)) {
    throw new LocalProblem(
      `Banyan already runs on ${folder} (process ${state.supervisor.pid}).`,
      `Use it, or stop it with Ctrl-C where it was started (or: kill ${state.supervisor.pid}).`,
    );
  }
  const orphans = await filterAlive(state.processes);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const left = await filterAlive(orphans);
    for (const { pid } of left) send(pid, signal);
    await waitForEnd(left);
  }
  removeState(folder);
  return orphans.map((each) => each.name);
}

/** Writes the state; readable for its owner alone, since the addresses of databases hold passwords. */
export function writeState(folder: string, state: RunState): void {
  const path = join(folder, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removeState(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

/** A process with what tells it from later ones of its number; undefined when it is gone already. */
export async function describeProcess(name: string, pid: number): Promise<KnownProcess | undefined> {
  const birth = await birthOf(pid);
  return birth === undefined ? undefined : { name, pid, birth };
}

function readState(folder: string): RunState | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    // Missing or of another version: then nothing is known, and busy ports tell the rest.
    return undefined;
  }
}

async function isAlive({ pid, birth }: KnownProcess): Promise<boolean> {
  return (await birthOf(pid)) === birth;
}

async function filterAlive(processes: readonly KnownProcess[]): Promise<KnownProcess[]> {
  const alive = await Promise.all(processes.map(isAlive));
  return processes.filter((_each, index) => alive[index]);
}

async function waitForEnd(processes: readonly KnownProcess[]): Promise<void> {
  const deadline = Date.now() + ORPHAN_PATIENCE_MS;
  while (Date.now() < deadline && (await filterAlive(processes)).length > 0) await delay(LOOK_INTERVAL_MS);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
