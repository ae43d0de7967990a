import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose account a query runs: a client's operation, or work that goes on by itself (feeds, jobs, health). */
export type QueryOrigin = 'operation' | 'background';

const origin = new AsyncLocalStorage<QueryOrigin>();

/** Runs `work`; the queries that it causes are counted as those of an operation. */
export function onBehalfOfOperation<Result>(work: () => Result): Result {
  return origin.run('operation', work);
}

/** Whose query this is. One that several operations share counts for the first. */
export function queryOrigin(): QueryOrigin {
  return origin.getStore() ?? 'background';
}
