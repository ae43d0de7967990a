import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessExit } from '@banyan/kit/embedded';

/** A process that is up: an embedded server or one of our programs. */
export interface Running {
  readonly pid: number;
  /** Settles when the process is gone, whoever ended it; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the process and settles when it is gone. */
  stop(): Promise<void>;
}

/** A process that is started again whenever it dies. */
export interface Kept {
  readonly name: string;
  /** Undefined while it is down. */
  pid(): number | undefined;
  /** How often it was started again. */
  restarts(): number;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export interface KeepOptions {
  readonly name: string;
  /** The process as it was started first. */
  readonly first: Running;
  readonly restart: () => Promise<Running>;
  readonly log: (line: string) => void;
  /** Called whenever the process changed. */
  readonly onChange: () => void;
}

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;
/** Who lived that long starts at the first delay again. */
const STEADY_MS = 10_000;

/**
 * Watches a process and starts it again when it dies: at once after 100 ms, then after twice as long each time up to 5 s,
 * for ever, until `stop`.
 */
export function keepRunning(options: KeepOptions): Kept {
  const { name, log } = options;
  const stopping = new AbortController();
  let current: Running | undefined = options.first;
  let restarts = 0;
  let delayMs = FIRST_DELAY_MS;

  async function startAgain(): Promise<void> {
    try {
      current = await options.restart();
      restarts += 1;
    } catch (error) {
      log(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
    }
    options.onChange();
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAtMs = performance.now();
      if (current) {
        const exit = await current.exited;
        current = undefined;
        options.onChange();
        if (stopping.signal.aborted) return;
        if (performance.now() - startedAtMs >= STEADY_MS) delayMs = FIRST_DELAY_MS;
        log(`${name} died (${exit.signal ?? `code ${exit.code}`}); it starts again in ${delayMs} ms`);
      }
      // An abort ends the wait early; the loop's condition sees it.
      await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
      if (!stopping.signal.aborted) await startAgain();
    }
  }

  const watching = watch();
  return {
    name,
    pid: () => current?.pid,
    restarts: () => restarts,
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await watching;
      // A start that was under way when `stop` came has finished by now.
      await current?.stop();
    },
  };
}
