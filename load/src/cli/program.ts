import { findK6, LocalProblem } from '@banyan/local';
import { inspect } from 'node:util';
import { DatabaseUnavailable } from '../database.ts';
import { GraphUnavailable } from '../graph.ts';
import { K6Failed } from '../run-k6.ts';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const quietMs = 10_000;

/** One line that is written over where there is a terminal, and now and then a line where there is none. */
export function createLiveLine(): (line: string) => void {
  if (process.stdout.isTTY) return (line) => process.stdout.write(`\r\u001b[K${line}`);
  let quietUntilMs = 0;
  return (line) => {
    if (Date.now() < quietUntilMs) return;
    quietUntilMs = Date.now() + quietMs;
    say(line);
  };
}

/** Undefined where the run is optional and there is no k6. */
export async function findK6OrSkip(
  environment: NodeJS.ProcessEnv,
  isOptional: boolean,
): Promise<string | undefined> {
  try {
    return await findK6({ environment, log: say });
  } catch (error) {
    const isSkippable = isOptional && environment['CI'] !== 'true';
    if (!isSkippable || !(error instanceof LocalProblem)) throw error;
    say(`\n*** THE SURGE WAS SKIPPED, SO NOTHING IS PROVEN: ${error.message}\n*** ${error.advice}\n`);
    return undefined;
  }
}

/** Errors whose message is all that a person needs. */
const told = [GraphUnavailable, DatabaseUnavailable, K6Failed];

/**
 * Runs a command to its end: exit code 0 when it is proven, 1 when there are differences, 2 when it could not be done.
 * A signal aborts it in good order.
 */
export async function runProgram(command: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => stopped.abort());
  try {
    process.exitCode = (await command(stopped.signal)) ? 0 : 1;
  } catch (error) {
    process.exitCode = 2;
    if (stopped.signal.aborted) say('Stopped: nothing is proven.');
    else if (error instanceof LocalProblem) say(`${error.message} ${error.advice}`);
    else if (told.some((kind) => error instanceof kind)) say((error as Error).message);
    // Thrown on, it would end the program with the code of a difference.
    else process.stderr.write(`${inspect(error)}\n`);
  }
}
