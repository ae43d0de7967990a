import type { Logger } from '../service/logger.ts';
import { setTimeout as delay } from 'node:timers/promises';

/** Work that is done again and again, one round after the other. */
export interface Repeated {
  start(): void;
  /** Ends after the round at hand. */
  stop(): Promise<void>;
}

/** Repeats `round` with a pause between; a round that fails is logged, and the next one comes. */
export function repeat(options: { round: () => Promise<unknown>; pauseMs: number; log: Logger }): Repeated {
  const { round, pauseMs, log } = options;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function loop(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await round().catch((error: unknown) => {
        log.warn({ err: error }, 'a round of background work failed');
      });
    }
  }

  return {
    start() {
      running = loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
