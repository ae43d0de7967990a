import { setImmediate as nextTurn } from 'node:timers/promises';
import { sqlState } from '@banyan/kit/database';
import type { LaneConnection } from './connection.ts';
import type { Entry } from './entry.ts';
import { InvalidTransfer, LedgerOverloaded, LedgerUnavailable, OutcomeUnknown } from './errors.ts';
import { CallFailed, classify } from './faults.ts';
import type { Fault } from './faults.ts';
import type { CommitterMetrics } from './metrics.ts';
import { BookQueue } from './queue.ts';

/** How a lane works. */
export interface LaneSettings {
  readonly maxBatchRows: number;
  readonly maxBooksPerCall: number;
  /** Waiting rows; those under way do not count. */
  readonly maxQueueRows: number;
  readonly maxAttempts: number;
  /** Waits before the next attempt; settles early when the lane is to end. */
  readonly pause: (attempt: number) => Promise<void>;
  /** Told of every failed call. */
  readonly onFault?: ((fault: Fault, error: unknown, rows: number) => void) | undefined;
}

/** Books of one hash: one call under way, and whatever arrives meanwhile is the next batch. */
export class Lane {
  readonly #connection: LaneConnection;
  readonly #settings: LaneSettings;
  readonly #metrics: CommitterMetrics;
  readonly #queue = new BookQueue<Entry>();
  #work: Promise<void> | null = null;
  #isEnding = false;
  #lastCommitMs = 10;

  constructor(connection: LaneConnection, settings: LaneSettings, metrics: CommitterMetrics) {
    this.#connection = connection;
    this.#settings = settings;
    this.#metrics = metrics;
  }

  get queueRows(): number {
    return this.#queue.rows;
  }

  /** Queues a transfer. Throws `LedgerOverloaded` when the queue is full. */
  add(entry: Entry, deadlineMs: number): void {
    if (this.#queue.rows >= this.#settings.maxQueueRows) {
      this.#metrics.refused.inc({ reason: 'full' });
      throw this.#overloaded();
    }
    this.#queue.add(entry);
    entry.limit(deadlineMs, () => this.#expire(entry));
    this.#work ??= this.#run();
  }

  /** Settles when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Gives up: what is under way becomes unknown, what waits is turned away. */
  abandon(): void {
    this.#isEnding = true;
    this.#connection.discard();
    const waiting = this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    for (const entry of waiting) entry.fail(new LedgerUnavailable('the ledger is closing'));
  }

  async #run(): Promise<void> {
    while (this.#queue.rows > 0) {
      // What arrives in the same turn of the event loop travels together.
      await nextTurn();
      const batch = this.#queue.take(this.#settings.maxBatchRows, this.#settings.maxBooksPerCall);
      if (batch.length > 0) await this.#submit(batch, false);
    }
    this.#work = null;
  }

  /** Sends a batch until it has an answer, so that every key of it has one effect and every caller one answer. */
  async #submit(batch: readonly Entry[], mayHaveCommittedBefore: boolean): Promise<void> {
    let mayHaveCommitted = mayHaveCommittedBefore;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#commit(batch);
      } catch (error) {
        const fault = classify(error);
        this.#settings.onFault?.(fault, error, batch.length);
        if (fault.kind === 'ROW') return this.#isolate(batch, error, mayHaveCommitted);
        if (fault.kind === 'FATAL') return this.#giveUp(batch, error, mayHaveCommitted);
        if (fault.discard) this.#connection.discard();
        mayHaveCommitted ||= fault.mayHaveCommitted;
        if (attempt >= this.#settings.maxAttempts || this.#isEnding) {
          return this.#giveUp(batch, error, mayHaveCommitted);
        }
        const cause = error instanceof CallFailed ? error.cause : error;
        this.#metrics.retries.inc({ reason: sqlState(cause) ?? 'connection' });
        await this.#settings.pause(attempt);
      }
    }
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    const startedAt = performance.now();
    const results = await this.#connection.post(batch.map((entry) => entry.input));
    this.#lastCommitMs = performance.now() - startedAt;
    this.#metrics.commitSeconds.observe(this.#lastCommitMs / 1000);
    this.#metrics.batchRows.observe(batch.length);
    for (const [index, entry] of batch.entries()) {
      const result = results[index];
      if (result) entry.answer(result);
    }
  }

  /** Halves the batch until the row at fault stands alone: it fails, its neighbours do not. */
  async #isolate(batch: readonly Entry[], error: unknown, mayHaveCommitted: boolean): Promise<void> {
    const [only, other] = batch;
    if (only && !other) {
      const message = error instanceof Error ? error.message : String(error);
      only.fail(new InvalidTransfer(null, `the ledger refused the transfer: ${message}`, { cause: error }));
      this.#metrics.refused.inc({ reason: 'invalid' });
      return;
    }
    this.#metrics.retries.inc({ reason: 'split' });
    const middle = Math.ceil(batch.length / 2);
    await this.#submit(batch.slice(0, middle), mayHaveCommitted);
    await this.#submit(batch.slice(middle), mayHaveCommitted);
  }

  #giveUp(batch: readonly Entry[], error: unknown, mayHaveCommitted: boolean): void {
    for (const entry of batch) {
      const isFirst = entry.fail(
        mayHaveCommitted
          ? new OutcomeUnknown(entry.input, { cause: error })
          : new LedgerUnavailable('the ledger could not post the transfer', { cause: error }),
      );
      if (isFirst && mayHaveCommitted) this.#metrics.unknown.inc();
    }
  }

  /** The caller's time is up. A row that was never sent has no effect; of one that was, nobody knows yet. */
  #expire(entry: Entry): void {
    if (this.#queue.remove(entry)) {
      this.#metrics.refused.inc({ reason: 'deadline' });
      entry.fail(this.#overloaded());
      return;
    }
    this.#metrics.unknown.inc();
    entry.fail(new OutcomeUnknown(entry.input));
  }

  #overloaded(): LedgerOverloaded {
    const batches = Math.ceil(this.#queue.rows / this.#settings.maxBatchRows);
    return new LedgerOverloaded(Math.max(100, Math.ceil(batches * this.#lastCommitMs)));
  }
}
