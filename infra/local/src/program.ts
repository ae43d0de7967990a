import { startChild } from './child-process.ts';
import type { Child } from './child-process.ts';
import { shorten } from './line-printer.ts';
import { LocalProblem } from './local-problem.ts';

/** One of our programs, as it is run. */
export interface ProgramCommand {
  /** Who speaks, in logs and errors. */
  readonly name: string;
  /** Absolute path of the TypeScript file. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** A running program. */
export interface RunningProgram extends Child {
  readonly name: string;
}

const MAX_QUOTED_LINES = 12;
const STACK_LINE = /^\s+at \S/;

/** Starts a program with the Node that runs this one. It ends when this process does, however that ends. */
export async function startProgram(command: ProgramCommand): Promise<RunningProgram> {
  const child = await startChild(command.file, command.env, command.onLine);
  return { name: command.name, ...child };
}

/** Runs a program to its end. Throws a `LocalProblem` with its last lines when it fails, the signal's reason when told to stop. */
export async function runProgram(command: ProgramCommand, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const program = await startProgram(command);
  const onAbort = () => void program.stop();
  signal.addEventListener('abort', onAbort, { once: true });
  const exit = await program.exited;
  signal.removeEventListener('abort', onAbort);
  signal.throwIfAborted();
  if (exit.code !== 0) throw await failureOf(program);
}

/** What to say about a program that ended although it should not have. */
export async function failureOf(program: RunningProgram): Promise<LocalProblem> {
  const exit = await program.exited;
  // Settles when the output has been read to its end.
  await program.stop();
  const lines = program.output
    .filter((line) => line.trim() !== '' && !STACK_LINE.test(line))
    .slice(-MAX_QUOTED_LINES)
    .map((line) => `    ${shorten(line)}`);
  const how = exit.signal ?? `code ${exit.code}`;
  return new LocalProblem(
    `${program.name} did not start (${how}). Its last lines:\n${lines.join('\n') || '    (none)'}`,
    'Mend what they say and start again; if it is the data, "npm start -- --fresh" starts with new data.',
  );
}
