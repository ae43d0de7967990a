import type { Logger } from '@banyan/kit/service';

/** While an outage lasts it is told of this often: a line for each request would fill the log. */
const tellEveryMs = 10_000;

/** Tells of an outage that each request meets anew: the first time, and from time to time. */
export function createOutageLog(
  log: Logger,
  level: 'warn' | 'error',
  words: string,
): (cause: unknown) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (cause) => {
    const nowMs = performance.now();
    if (nowMs - toldAtMs < tellEveryMs) return;
    toldAtMs = nowMs;
    log[level]({ err: cause }, words);
  };
}
