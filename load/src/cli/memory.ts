import { LocalProblem } from '@banyan/local';
import { getHeapStatistics } from 'node:v8';

/**
 * What the auditor holds of one gift at its worst: what the load saw of it, four readers, and its rows in our books and
 * the provider's (measured with 200,000 gifts: 1.6 KB, and a verdict is made of it).
 */
const maxBytesPerGift = 2_560;

/**
 * The auditor holds all gifts of a run at once, since any two witnesses may contradict each other about any of them.
 * @param heapBytes what this process may use
 * @throws LocalProblem for a run whose gifts it could not hold
 */
export function assertFitsMemory(
  run: { readonly seconds: number; readonly rate: number },
  heapBytes = getHeapStatistics().heap_size_limit,
): void {
  const gifts = run.seconds * run.rate;
  const maxGifts = Math.floor(heapBytes / maxBytesPerGift);
  if (gifts <= maxGifts) return;
  const count = (number: number) => number.toLocaleString('en');
  const neededMib = Math.ceil((gifts * maxBytesPerGift) / 2 ** 20);
  throw new LocalProblem(
    `${count(run.seconds)} s at ${count(run.rate)} gifts a second are ${count(gifts)} gifts, and the auditor can hold ${count(maxGifts)} in ${Math.round(heapBytes / 2 ** 20)} MiB.`,
    `Take fewer seconds or a lower rate, or give it memory: NODE_OPTIONS=--max-old-space-size=${neededMib}.`,
  );
}
