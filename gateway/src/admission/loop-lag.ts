import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;

/** How late the event loop is. */
export interface LoopLag {
  /** Mean lag since this was last asked, in milliseconds. */
  take(): number;
  stop(): void;
}

/** Watches how late timers fire, which is how long whatever becomes ready has to wait for its turn. */
export function watchLoopLag(): LoopLag {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  return {
    take() {
      const meanMs = delays.mean / 1e6 - resolutionMs;
      delays.reset();
      return Number.isFinite(meanMs) ? Math.max(0, meanMs) : 0;
    },
    stop() {
      delays.disable();
    },
  };
}
