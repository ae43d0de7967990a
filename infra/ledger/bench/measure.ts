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

/** What one crowd saw, or several of the same kind together. */
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

/** Samples of one kind as one. */
export function together(samples: readonly Sample[]): Sample {
  const latencyUs = createHistogram();
  for (const each of samples) latencyUs.add(each.latencyUs);
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, each) => total + of(each), 0);
  return {
    gifts: sum((each) => each.gifts),
    seconds: sum((each) => each.seconds),
    latencyUs,
    walBytes: sum((each) => each.walBytes),
  };
}

/** The sample with the middle rate. */
export function middleOf(samples: readonly Sample[]): Sample {
  const inOrder = samples.toSorted((one, other) => giftsPerSecond(one) - giftsPerSecond(other));
  return inOrder[Math.floor(inOrder.length / 2)] ?? together(samples);
}

/** The figures of a sample, as columns of a table. */
export function figuresOf(sample: Sample) {
  return {
    'gifts/s': Math.round(giftsPerSecond(sample)),
    'p50 ms': (sample.latencyUs.percentile(50) / 1_000).toFixed(1),
    'p99 ms': (sample.latencyUs.percentile(99) / 1_000).toFixed(1),
    'WAL bytes/gift': Math.round(sample.walBytes / sample.gifts),
  };
}

export function giftsPerSecond({ gifts, seconds }: Sample): number {
  return gifts / seconds;
}
