import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { isPassing, isRowFault } from './faults.ts';

/** Too much waits already. Nothing was written. */
export class WriterOverloaded extends Error {
  override readonly name = 'WriterOverloaded';
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super('too many rows are waiting to be written');
    this.retryAfterMs = retryAfterMs;
  }
}

export interface GroupWriterOptions<Input, Output> {
  /** Writes a batch in one transaction; its effect must be the same when it is run twice. */
  readonly write: (batch: readonly Input[]) => Promise<readonly Output[]>;
  readonly maxBatchRows?: number;
  readonly maxQueueRows?: number;
  /** Batches under way at once. */
  readonly maxInFlight?: number;
}

/** Writes rows in groups: one transaction for all that came while the last ones were committed. */
export interface GroupWriter<Input, Output> {
  /** Settles after the commit. @throws WriterOverloaded */
  write(input: Input): Promise<Output>;
  /** Settles when all that was taken is written. */
  drain(): Promise<void>;
}

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/** With the pauses between them as long as a database needs to come back, some ten seconds. */
const maxAttempts = 25;
const basePauseMs = 10;
const maxPauseMs = 500;

export function createGroupWriter<Input, Output>(
  options: GroupWriterOptions<Input, Output>,
): GroupWriter<Input, Output> {
  const { write, maxBatchRows = 1_024, maxQueueRows = 8_192, maxInFlight = 2 } = options;
  let queue: Waiting<Input, Output>[] = [];
  const workers = new Set<Promise<void>>();
  let lastCommitMs = 10;

  async function attempt(batch: readonly Waiting<Input, Output>[]): Promise<readonly Output[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write(batch.map((each) => each.input));
      } catch (error) {
        if (tries >= maxAttempts || !isPassing(error)) throw error;
        const pauseMs = Math.min(basePauseMs * 2 ** tries, maxPauseMs);
        await delay(pauseMs * (0.5 + Math.random() / 2));
      }
    }
  }

  /** A row that the database refuses is found by halving; its neighbours are written. */
  async function submit(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const outputs = await attempt(batch);
      for (const [index, each] of batch.entries()) each.resolve(outputs[index] as Output);
    } catch (error) {
      if (batch.length > 1 && isRowFault(error)) {
        const middle = Math.ceil(batch.length / 2);
        await submit(batch.slice(0, middle));
        await submit(batch.slice(middle));
        return;
      }
      for (const each of batch) each.reject(error);
    }
  }

  async function work(): Promise<void> {
    // What arrives in the same turn of the event loop travels together.
    await nextTurn();
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatchRows);
      queue = queue.slice(maxBatchRows);
      const startedAt = performance.now();
      await submit(batch);
      lastCommitMs = performance.now() - startedAt;
    }
  }

  function startWorker(): void {
    const worker = work().finally(() => {
      workers.delete(worker);
      if (queue.length > 0 && workers.size === 0) startWorker();
    });
    workers.add(worker);
  }

  return {
    write: (input) =>
      new Promise<Output>((resolve, reject) => {
        if (queue.length >= maxQueueRows) {
          reject(new WriterOverloaded(Math.max(100, (queue.length / maxBatchRows) * lastCommitMs)));
          return;
        }
        queue.push({ input, resolve, reject });
        // A second batch sets out only when the first has left enough behind to be worth a commit of its own.
        if (workers.size === 0 || (workers.size < maxInFlight && queue.length >= maxBatchRows)) startWorker();
      }),
    async drain() {
      while (workers.size > 0) await Promise.all(workers);
    },
  };
}
