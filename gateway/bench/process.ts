import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of the benchmark, with the CPU that the operating system has counted for it. */
export class BenchProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(parameters: readonly string[], env: Record<string, string>): Promise<BenchProcess> {
    const profile =
      env['BENCH_PROFILE'] === parameters[0] ? ['--cpu-prof', '--cpu-prof-dir=.banyan/profiles'] : [];
    const child = fork(new URL('child.ts', import.meta.url), parameters, { env, execArgv: profile });
    child.once('exit', (code) => {
      if (code !== 0)
        throw new Error(`${parameters.join(' ').slice(0, 30)} ended with code ${String(code)}.`);
    });
    const [message] = (await once(child, 'message')) as [{ url: string }];
    return new BenchProcess(child, message.url);
  }

  /** Microseconds of CPU so far. */
  async cpu(): Promise<number> {
    this.#child.send('cpu');
    const [message] = (await once(this.#child, 'message')) as [{ cpu: number }];
    return message.cpu;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
