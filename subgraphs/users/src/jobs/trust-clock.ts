import type { Logger } from '@banyan/kit/service';
import type { Services } from '../context.ts';
import { reckonTrust } from '../domain/reckon-trust.ts';

/** Work that repeats. */
export interface Clock {
  start(): void;
  /** Ends after the run at hand. */
  stop(): Promise<void>;
}

/** How soon after the news a band follows, in milliseconds. */
const trustIntervalMs = 1_000;

/** Reckons the bands of trust that are due, ever again. Processes share the list between them. */
export function createTrustClock(services: Pick<Services, 'db'>, log: Logger): Clock {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function run(): Promise<void> {
    try {
      await reckonTrust(services.db);
    } catch (error) {
      log.warn({ err: error }, 'trust could not be reckoned; it is tried again');
    }
    if (stopped) return;
    timer = setTimeout(tick, trustIntervalMs);
    timer.unref();
  }
  function tick(): void {
    running = run();
  }

  return {
    start: tick,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
