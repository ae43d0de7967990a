import type { EdgeMetrics } from '../metrics.ts';
import type { PendingOperation } from './pending.ts';
import { createRetryBudget } from './retry-budget.ts';

/** Time that must be left for a second attempt to have a chance. */
const minRetryMs = 50;
/** Second attempts for each first. */
const retryShare = 0.1;

/** Which operations are sent a second time. */
export interface Retries {
  /** Counts operations that are sent for the first time. */
  count(hop: readonly PendingOperation[]): void;
  /** Those that may be sent again now: reads that were sent once, have time left, and are within the budget. */
  choose(operations: readonly PendingOperation[]): PendingOperation[];
}

/** The retries of one subgraph's pool. */
export function createRetries(subgraph: string, metrics: EdgeMetrics): Retries {
  const budget = createRetryBudget(retryShare);
  return {
    count(hop) {
      for (const { canRepeat } of hop) if (canRepeat) budget.deposit();
    },
    choose(operations) {
      const latestMs = Date.now() + minRetryMs;
      return operations.filter((operation) => {
        if (operation.done || !operation.canRepeat || operation.deadlineAtMs < latestMs) return false;
        const isWithin = budget.withdraw();
        metrics.retries.inc({ subgraph, outcome: isWithin ? 'sent' : 'over budget' });
        if (isWithin) operation.canRepeat = false;
        return isWithin;
      });
    },
  };
}
