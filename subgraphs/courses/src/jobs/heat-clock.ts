import type { Logger } from '@banyan/kit/service';
import type { Services } from '../context.ts';
import { heatIntervalMs } from '../domain/heat.ts';
import { reckonHotSearch } from '../domain/reckon-hot-search.ts';

/** Work that repeats. */
export interface Clock {
  start(): void;
  /** Ends after the run at hand. */
  stop(): Promise<void>;
}

/**
 * Reckons the hot search at the start and at each full minute. Every process tries; the row of the run lets one of them
 * do it.
 */
export function createHeatClock(
  services: Pick<Services, 'db' | 'now' | 'hotSearchCopies'>,
  log: Logger,
): Clock {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function run(): Promise<void> {
    try {
      await reckonHotSearch(services);
    } catch (error) {
      log.error({ err: error }, 'the hot search could not be reckoned; it stays as it was');
    }
    if (stopped) return;
    timer = setTimeout(tick, heatIntervalMs - (Date.now() % heatIntervalMs));
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
