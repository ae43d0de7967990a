import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProcessExit } from '@banyan/kit/embedded';
import type { Running } from './keep-running.ts';

/** A child with the end of what it printed. */
export interface Child extends Running {
  readonly output: readonly string[];
}

const MAX_OUTPUT_LINES = 50;
/** Longer than the services take to drain. */
const TERM_PATIENCE_MS = 20_000;

/**
 * Starts a Node program apart from the terminal's process group, so that Ctrl-C reaches it only through `stop`, and on a
 * leash, so that it ends even when this process is killed.
 */
export async function startChild(
  file: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Child> {
  const child = spawn(process.execPath, [file], { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const spawned = Promise.withResolvers<number>();
  const exited = Promise.withResolvers<ProcessExit>();
  // The output may end after the process.
  const closed = Promise.withResolvers<void>();
  child.once('spawn', () => {
    spawned.resolve(child.pid ?? 0);
  });
  child.once('error', spawned.reject);
  child.once('exit', (code, signal) => {
    exited.resolve({ code, signal });
  });
  child.once('close', () => {
    closed.resolve();
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      if (output.length > MAX_OUTPUT_LINES) output.shift();
      onLine(line);
    });
  }
  const pid = await spawned.promise;
  const leash = holdOnLeash(pid);
  void exited.promise.then(() => leash.kill('SIGKILL'));
  return { pid, output, exited: exited.promise, stop: async () => stop(child, closed.promise) };
}

/** A shell that waits for the end of a pipe from this process, which the system closes however this process ends. */
function holdOnLeash(pid: number): ChildProcess {
  const script = 'read -r _; kill -TERM "$1" 2>/dev/null';
  const leash = spawn('/bin/sh', ['-c', script, 'leash', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The leash is a help, not a condition, and does not keep this process alive.
  leash.on('error', () => undefined);
  leash.stdin?.on('error', () => undefined);
  leash.unref();
  return leash;
}

/** SIGTERM, and SIGKILL when that does not help; settles when the process is gone and its output read. */
async function stop(child: ChildProcess, closed: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), TERM_PATIENCE_MS);
    await closed;
    clearTimeout(timer);
  }
  await closed;
}
