import { LocalProblem } from '@banyan/local';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FaultKind } from './repertoire.ts';

const run = promisify(execFile);
/** What pgrep ends with where nothing fits (pgrep(1)). */
const noneFound = 1;

/**
 * A process and its children: a server that has some, such as PostgreSQL, answers until they are frozen too.
 * @throws LocalProblem where there is no pgrep
 */
export async function familyOf(pid: number): Promise<number[]> {
  try {
    const { stdout } = await run('pgrep', ['-P', String(pid)]);
    return [pid, ...stdout.split('\n').filter(Boolean).map(Number)];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === noneFound) return [pid];
    throw new LocalProblem(
      'pgrep could not be run, and without it no process can be frozen with its children.',
      'Install it (package procps or procps-ng), or leave the freezes out, such as with --only kill.',
      { cause: error },
    );
  }
}

/**
 * Looks before a run whether the machine has what the faults take.
 * @throws LocalProblem
 */
export async function assertToolsFor(kinds: readonly FaultKind[]): Promise<void> {
  if (kinds.some(({ action }) => action === 'freeze')) await familyOf(process.pid);
}
