import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Account } from './account.ts';

/** How a server process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server process of ours, from spawn to exit. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process is gone, whoever ended it; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Settles with true at the first output line that matches, with false when the process exits before. */
  readonly ready: Promise<boolean>;
  /** The last lines of output, for the explanation of a failure. */
  readonly output: readonly string[];
  /** Sends the signals one after the other until the process is gone; settles when it and its children are. */
  stop(signals: readonly NodeJS.Signals[]): Promise<void>;
}

/** How to run a server process. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly readyPattern: RegExp;
  /** The signal that ends the server in good order when this program dies without stopping it. */
  readonly leashSignal: 'INT' | 'TERM' | 'QUIT';
  /** Removed when this program dies without stopping the server. */
  readonly removeOnLeash?: string;
  readonly account?: Account | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly onLog?: ((line: string) => void) | undefined;
}

const MAX_OUTPUT_LINES = 50;
const SIGNAL_PATIENCE_MS = 15_000;

/**
 * Starts a server apart from the terminal's process group, so that Ctrl-C reaches it only through `stop`, and on a
 * leash: a shell that waits for the end of a pipe from this program and then ends the server, so that even
 * SIGKILL to this program leaves nothing running.
 */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.command, command.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(command.env ? { env: command.env } : {}),
    ...command.account,
  });
  const exit = Promise.withResolvers<ProcessExit>();
  const ready = Promise.withResolvers<boolean>();
  const spawned = Promise.withResolvers<number>();
  child.once('spawn', () => spawned.resolve(child.pid ?? 0));
  child.once('error', spawned.reject);
  child.once('exit', (code, signal) => exit.resolve({ code, signal }));
  // The output may end after the process: only then is it known that no ready line comes.
  const closed = Promise.withResolvers<void>();
  child.once('close', () => {
    ready.resolve(false);
    closed.resolve();
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      if (output.length > MAX_OUTPUT_LINES) output.shift();
      if (command.readyPattern.test(line)) ready.resolve(true);
      command.onLog?.(line);
    });
  }
  const pid = await spawned.promise;
  const leash = holdOnLeash(pid, command);
  void exit.promise.then(() => leash?.kill('SIGKILL'));
  return {
    pid,
    exited: exit.promise,
    ready: ready.promise,
    output,
    stop: async (signals) => stopChild(child, closed.promise, signals),
  };
}

function holdOnLeash(pid: number, command: ServerCommand): ChildProcess | null {
  if (process.platform === 'win32') return null;
  const script =
    'read -r _; kill -"$2" "$1" 2>/dev/null; [ -z "$3" ] && exit; ' +
    'while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf -- "$3"';
  const args = ['-c', script, 'leash', String(pid), command.leashSignal, command.removeOnLeash ?? ''];
  const leash = spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // The leash is a help, not a condition; and neither it nor its pipe keeps this program alive.
  leash.on('error', () => undefined);
  leash.stdin?.on('error', () => undefined);
  leash.unref();
  return leash;
}

async function stopChild(
  child: ChildProcess,
  closed: Promise<void>,
  signals: readonly NodeJS.Signals[],
): Promise<void> {
  for (const signal of [...signals, 'SIGKILL' as const]) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, SIGNAL_PATIENCE_MS);
    });
    await Promise.race([closed, patience]);
    clearTimeout(timer);
  }
  await closed;
}
