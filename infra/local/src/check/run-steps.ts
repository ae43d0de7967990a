import { spawn } from 'node:child_process';

/** A step of the check: a program that fails with a code other than zero. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** What became of a step. */
export interface StepResult {
  readonly name: string;
  readonly isGood: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs steps, so many at a time, each in the folder; `onResult` hears of each as it ends. */
export async function runSteps(
  steps: readonly Step[],
  options: {
    cwd: string;
    env: NodeJS.ProcessEnv;
    concurrency: number;
    onResult: (result: StepResult) => void;
  },
): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  async function work(): Promise<void> {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runStep(step, options.cwd, options.env);
      results.push(result);
      options.onResult(result);
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return results;
}

async function runStep(step: Step, cwd: string, env: NodeJS.ProcessEnv): Promise<StepResult> {
  const startedAtMs = performance.now();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let output = '';
  const child = spawn(step.command, step.args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  child.once('error', (error) => {
    output += error.message;
    resolve(false);
  });
  child.once('close', (code) => {
    resolve(code === 0);
  });
  const isGood = await promise;
  return { name: step.name, isGood, seconds: (performance.now() - startedAtMs) / 1_000, output };
}
