import { sql } from 'kysely';
import type { Transaction } from 'kysely';

/** When and how a job runs. */
export interface JobOptions {
  /** Not before this moment. Default: now. */
  readonly runAt?: Date;
  /** How often it is tried, with growing pauses (some three days for 25, the default). */
  readonly maxAttempts?: number;
  /** A waiting job with the same key is replaced by this one instead of standing beside it. */
  readonly key?: string;
  /** Jobs of one queue run one after the other. */
  readonly queue?: string;
}

/**
 * Adds a job in the transaction of what causes it: it runs after the commit, or never if there is none. The payload holds
 * ids, no personal data.
 */
export async function addJob<DB>(
  trx: Transaction<DB>,
  task: string,
  payload: Readonly<Record<string, unknown>>,
  options: JobOptions = {},
): Promise<void> {
  const { runAt = null, maxAttempts = null, key = null, queue = null } = options;
  await sql`select from graphile_worker.add_job(
    identifier => ${task}::text, payload => ${JSON.stringify(payload)}::json, queue_name => ${queue}::text,
    run_at => ${runAt}::timestamptz, max_attempts => ${maxAttempts}::int, job_key => ${key}::text)`.execute(
    trx,
  );
}
