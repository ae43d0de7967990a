import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { LaneConnection } from './connection.ts';
import { Entry } from './entry.ts';
import { InvalidTransfer, LedgerUnavailable } from './errors.ts';
import type { Fault } from './faults.ts';
import { Lane } from './lane.ts';
import { createCommitterMetrics } from './metrics.ts';
import type { PostResult, TransferInput } from './types.ts';
import { validateTransfer } from './validate.ts';

/** Where the ledger is, and the limits of the committer. */
export interface CommitterOptions {
  /** The app role's URL of the database that holds the schema `ledger`. */
  readonly url: string;
  /** Lanes, and so connections. Default 4. */
  readonly maxLanes?: number;
  /** Rows of one call. Default 1,024. */
  readonly maxBatchRows?: number;
  /** Books of one call; 1 where books are sharded. Default no limit. */
  readonly maxBooksPerCall?: number;
  /** Rows that wait in one lane; more are refused. Default 8,192. */
  readonly maxQueueRows?: number;
  /** Minor units of one transfer. Default 10^12. */
  readonly maxAmount?: bigint;
  /** Default 4,096. */
  readonly maxDetailsBytes?: number;
  /** How long a caller waits unless it says so itself. Default 10,000. */
  readonly deadlineMs?: number;
  /** How often a batch is sent at most. Default 60, with the pauses between them a good minute. */
  readonly maxAttempts?: number;
  /** The longest pause between two attempts. Default 1,000. */
  readonly maxPauseMs?: number;
  /** Default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Default 3,000. */
  readonly lockTimeoutMs?: number;
  /** Default 5,000. */
  readonly statementTimeoutMs?: number;
  /** Without an answer for so long the connection counts as lost. Default `statementTimeoutMs` + 2,000. */
  readonly answerTimeoutMs?: number;
  readonly registry?: Registry;
  /** Told of every failed call, for the log. */
  readonly onFault?: (fault: Fault, error: unknown, rows: number) => void;
}

/** Posts transfers in groups: one transaction for all that came while the last one was committed. */
export interface Committer {
  /**
   * Posts one transfer and settles after its commit. Throws `InvalidTransfer`, `LedgerOverloaded` and
   * `LedgerUnavailable` (no effect), `OutcomeUnknown` (ask again with the same key).
   */
  post(input: TransferInput, options?: { readonly deadlineMs?: number }): Promise<PostResult>;
  /**
   * Takes no more, settles when all that was taken is answered, and closes the connections. After `timeoutMs` (default
   * 10,000) it gives up on the rest. May be called more than once.
   */
  drain(options?: { readonly timeoutMs?: number }): Promise<void>;
}

const BASE_PAUSE_MS = 5;

/** Makes a committer; it connects with the first transfer. */
export function createCommitter(options: CommitterOptions): Committer {
  const ending = new AbortController();
  const connections: LaneConnection[] = [];
  const lanes: Lane[] = [];
  const metrics = createCommitterMetrics(options.registry, () =>
    lanes.reduce((rows, lane) => rows + lane.queueRows, 0),
  );
  const limits = {
    maxAmount: options.maxAmount ?? 10n ** 12n,
    maxDetailsBytes: options.maxDetailsBytes ?? 4_096,
  };
  const settings = {
    maxBatchRows: options.maxBatchRows ?? 1_024,
    maxBooksPerCall: options.maxBooksPerCall ?? Number.POSITIVE_INFINITY,
    maxQueueRows: options.maxQueueRows ?? 8_192,
    maxAttempts: options.maxAttempts ?? 60,
    pause: async (attempt: number) => pause(attempt, options.maxPauseMs ?? 1_000, ending.signal),
    onFault: options.onFault,
  };
  for (let index = 0; index < (options.maxLanes ?? 4); index += 1) {
    const connection = new LaneConnection(connectionSettings(options));
    connections.push(connection);
    lanes.push(new Lane(connection, settings, metrics));
  }
  let isDraining = false;

  async function post(
    input: TransferInput,
    { deadlineMs = options.deadlineMs ?? 10_000 } = {},
  ): Promise<PostResult> {
    if (isDraining) throw new LedgerUnavailable('the ledger is closing');
    const entry = new Entry({ ...input, detailsText: validate(input) });
    laneOf(lanes, input.book).add(entry, deadlineMs);
    return entry.promise;
  }

  function validate(input: TransferInput): string {
    try {
      return validateTransfer(input, limits);
    } catch (error) {
      if (error instanceof InvalidTransfer) metrics.refused.inc({ reason: 'invalid' });
      throw error;
    }
  }

  async function drain({ timeoutMs = 10_000 } = {}): Promise<void> {
    isDraining = true;
    const idle = Promise.all(lanes.map(async (lane) => lane.idle()));
    const timer = setTimeout(() => {
      ending.abort();
      for (const lane of lanes) lane.abandon();
    }, timeoutMs);
    await idle;
    clearTimeout(timer);
    await Promise.allSettled(connections.map(async (connection) => connection.close()));
  }

  return { post, drain };
}

function connectionSettings(options: CommitterOptions) {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000;
  return {
    url: options.url,
    connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 3_000,
    statementTimeoutMs,
    answerTimeoutMs: options.answerTimeoutMs ?? statementTimeoutMs + 2_000,
  };
}

/** Grows to `maxMs`, with jitter, so that lanes that failed together do not come back together. */
async function pause(attempt: number, maxMs: number, signal: AbortSignal): Promise<void> {
  const limitMs = Math.min(BASE_PAUSE_MS * 2 ** attempt, maxMs);
  await delay(limitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}

/** FNV-1a, 32 bits (draft-eastlake-fnv), over UTF-16 units: all transfers of a book go one way. */
function laneOf(lanes: readonly Lane[], book: string): Lane {
  let hash = 0x811c9dc5;
  for (let index = 0; index < book.length; index += 1) {
    hash = Math.imul(hash ^ book.charCodeAt(index), 0x01000193);
  }
  const lane = lanes[(hash >>> 0) % lanes.length];
  if (!lane) throw new RangeError('a committer needs a lane');
  return lane;
}
