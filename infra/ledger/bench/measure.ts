import { createHistogram } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';
import type { TransferInput } from '../src/ledger.ts';
import { nextGift } from './gifts.ts';

/** Posts one gift and settles when it is acknowledged. */
export type Post = (input: TransferInput) => Promise<unknown>;

/** Who gives, to whom, and for how long. */
export interface Crowd {
  /** Callers at once; each gives again as soon as it has its answer. */
  readonly callers: number;
  readonly books: readonly string[];
  readonly lengthMs: number;
}

/** What one crowd saw. */
export interface Sample {
  readonly gifts: number;
  readonly seconds: number;
  /** Microseconds from the call to its answer; of fixed size, however many there are. */
  readonly latencyUs: RecordableHistogram;
  readonly walBytes: number;
}

/** Lets a crowd give. `readWalBytes` tells how much the server has written to its log so far. */
export async function measure(
  post: Post,
  { callers, books, lengthMs }: Crowd,
  readWalBytes: () => Promise<number>,
): Promise<Sample> {
  const latencyUs = createHistogram();
  const walBefore = await readWalBytes();
  const startedAt = performance.now();
  const endsAt = startedAt + lengthMs;
  async function call(): Promise<void> {
    for (let sentAt = performance.now(); sentAt < endsAt; sentAt = performance.now()) {
      await post(nextGift(books));
      latencyUs.record(Math.max(1, Math.round((performance.now() - sentAt) * 1_000)));
    }
  }
  await Promise.all(Array.from({ length: callers }, async () => call()));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { gifts: latencyUs.count, seconds, latencyUs, walBytes: (await readWalBytes()) - walBefore };
}

/** The figures of samples of one kind, as columns of a table: the middle rate, and the latencies of all. */
export function figuresOf(samples: readonly Sample[]) {
  const latencyUs = createHistogram();
  for (const each of samples) latencyUs.add(each.latencyUs);
  const gifts = samples.reduce((sum, each) => sum + each.gifts, 0);
  const walBytes = samples.reduce((sum, each) => sum + each.walBytes, 0);
  return {
    'gifts/s': Math.round(middleOf(samples.map(giftsPerSecond))),
    'p50 ms': (latencyUs.percentile(50) / 1_000).toFixed(1),
    'p99 ms': (latencyUs.percentile(99) / 1_000).toFixed(1),
    'WAL bytes/gift': Math.round(walBytes / gifts),
  };
}

/** The rate of one to that of the other: the middle of the ratios round by round, which a busy moment of the machine leaves. */
export function ratioOf(samples: readonly Sample[], others: readonly Sample[]): number {
  return middleOf(
    samples.flatMap((each, round) => {
      const other = others[round];
      return other ? [giftsPerSecond(each) / giftsPerSecond(other)] : [];
    }),
  );
}

/** The value with as many above as below. */
export function middleOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function giftsPerSecond({ gifts, seconds }: Sample): number {
  return gifts / seconds;
}
