import { AsyncLocalStorage } from 'node:async_hooks';

/** The operation on whose behalf a query was to run, or ran, is over: nobody waits for it any longer. */
export class OperationOver extends Error {
  override readonly name = 'OperationOver';
  constructor(cause?: unknown) {
    super('The operation is over; nobody waits for this query.', { cause });
  }
}

/** The queries of one operation that has no effect, so that they can end with it. */
export class OperationScope {
  readonly #cancels = new Set<() => void>();
  #state: 'running' | 'expired' | 'settled' = 'running';

  /**
   * Runs a query that `cancel` can end.
   * @throws OperationOver when the operation is over before the query is.
   */
  async query<Result>(run: () => Promise<Result>, cancel: () => Promise<void>): Promise<Result> {
    if (this.#state === 'expired') throw new OperationOver();
    let cancelled: Promise<void> | undefined;
    const cancelNow = () => {
      cancelled = cancel();
    };
    this.#cancels.add(cancelNow);
    try {
      return await run();
    } catch (error) {
      throw cancelled === undefined ? error : new OperationOver(error);
    } finally {
      this.#cancels.delete(cancelNow);
      // A cancellation that is still on its way would hit whatever the connection is used for next.
      await cancelled;
    }
  }

  /** Nobody waits any longer: cancels what is running, and lets nothing begin. */
  expire(): void {
    if (this.#state !== 'running') return;
    this.#state = 'expired';
    for (const cancel of this.#cancels) cancel();
  }

  /** All of it was run. What it left behind, such as a timer, runs on its own account. */
  settle(): void {
    this.#state = 'settled';
  }
}

/** On whose account a query runs: a client's operation, or work that goes on by itself (feeds, jobs, health). */
export type QueryOrigin = 'operation' | 'background';

const current = new AsyncLocalStorage<{ readonly scope: OperationScope | undefined }>();

/** Runs `work`; the queries that it causes are counted as those of an operation, and end with `scope` where one is given. */
export function onBehalfOfOperation<Result>(work: () => Result, scope?: OperationScope): Result {
  return current.run({ scope }, work);
}

/** Runs `work` whose result several operations share: its queries end with none of them. */
export function onBehalfOfSeveral<Result>(work: () => Result): Result {
  return queryOrigin() === 'background' ? work() : onBehalfOfOperation(work);
}

/** Whose query this is. One that several operations share counts for the first. */
export function queryOrigin(): QueryOrigin {
  return current.getStore() === undefined ? 'background' : 'operation';
}

/** The scope in which a query runs. */
export function currentScope(): OperationScope | undefined {
  return current.getStore()?.scope;
}
