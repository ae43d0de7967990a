/** Repetitions that may be saved up. */
const maxSaved = 50;
/** What a subgraph with little to do may repeat all the same. */
const perSecond = 1;

/** How much may be sent a second time. */
export interface RetryBudget {
  /** An operation is sent for the first time. */
  deposit(): void;
  /** Whether one more may be sent a second time; when so, it is taken from the budget. */
  withdraw(): boolean;
}

/**
 * A budget of repetitions: `share` of what is sent (0.1 is 10 %), and one a second. Repeating what failed mends a fault that is
 * rare; while everything fails it would only double the work of those who are already behind. After Finagle's RetryBudget.
 */
export function createRetryBudget(
  share: number,
  now: () => number = performance.now.bind(performance),
): RetryBudget {
  let saved = maxSaved / 5;
  let countedAtMs = now();
  return {
    deposit() {
      saved = Math.min(saved + share, maxSaved);
    },
    withdraw() {
      const nowMs = now();
      saved = Math.min(saved + ((nowMs - countedAtMs) / 1_000) * perSecond, maxSaved);
      countedAtMs = nowMs;
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
