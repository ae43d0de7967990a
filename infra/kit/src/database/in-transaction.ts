import { setTimeout as delay } from 'node:timers/promises';
import type { IsolationLevel, Kysely, Transaction } from 'kysely';
import { isTransient } from './errors.ts';

/** How a transaction runs. */
export interface TransactionOptions {
  /** Default: the server's, read committed. */
  readonly isolation?: IsolationLevel;
  /** How often it is run at most, the first time included. Default 5. */
  readonly maxAttempts?: number;
}

const BASE_PAUSE_MS = 10;
const MAX_PAUSE_MS = 500;

/**
 * Runs `work` in a transaction: committed when it settles, rolled back when it throws. When PostgreSQL asks for it
 * (40001 serialization failure, 40P01 deadlock, 55P03 lock not available), the whole of it is run again after a
 * random pause that grows, at most `maxAttempts` times; so `work` must have no effect outside its transaction.
 * A connection lost during commit is thrown, not retried: the outcome is unknown.
 */
export async function inTransaction<DB, Result>(
  db: Kysely<DB>,
  work: (trx: Transaction<DB>) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  const maxAttempts = options.maxAttempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const transaction = db.transaction();
      return await (
        options.isolation ? transaction.setIsolationLevel(options.isolation) : transaction
      ).execute(work);
    } catch (error) {
      if (attempt >= maxAttempts || !isTransient(error)) throw error;
      // Full jitter: those who collided must not meet again.
      await delay(Math.random() * Math.min(BASE_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS));
    }
  }
}
