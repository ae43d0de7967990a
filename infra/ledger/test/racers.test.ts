import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { audit, readTotals } from '../src/ledger.ts';
import type { PostResult } from '../src/ledger.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const KEYS = 1_000;
const RACERS_PER_KEY = 100;
const BOOKS = 4;
/** Keys that are raced for at once: what waits stays within the committers' queues, and memory is that of one heat. */
const KEYS_PER_HEAT = 50;

const ledger = await sharedByTests(startLedger());
/** Two processes on one database: each with connections of its own. */
const processes = [ledger.committer({ maxLanes: 2 }), ledger.committer({ maxLanes: 2 })] as const;

/** The place that was given to a counted transfer, as its racers were told. */
function placeOf({ transfer }: PostResult): string {
  return transfer === null
    ? 'not counted'
    : [transfer.id, transfer.version, transfer.ordinal, transfer.postedAt.getTime()].join(' ');
}

/** All racers of some keys at once, the processes and the keys in turn; gives what each key's racers were told. */
async function raceFor(keys: readonly { book: string; payer: string; amount: bigint }[]) {
  const told = keys.map(() => ({ posted: 0, replayed: 0, places: new Set<string>() }));
  const run = async (racer: number, index: number): Promise<void> => {
    const key = keys[index];
    const answers = told[index];
    if (key === undefined || answers === undefined) throw new Error('a racer without a key');
    const { book, payer, amount } = key;
    const result = await processes[(racer + index) % 2 === 0 ? 0 : 1].post(gift(book, { payer, amount }));
    if (result.outcome === 'POSTED') answers.posted += 1;
    if (result.outcome === 'REPLAYED') answers.replayed += 1;
    answers.places.add(placeOf(result));
  };
  await Promise.all(
    Array.from({ length: RACERS_PER_KEY }, (_, racer) => keys.map((_key, index) => run(racer, index))).flat(),
  );
  return told;
}

test('a hundred racers on each of a thousand keys, by two processes: a thousand effects', async () => {
  const books = await Promise.all(Array.from({ length: BOOKS }, async () => ledger.newBook()));
  const keys = Array.from({ length: KEYS }, (_, index) => ({
    book: books[index % BOOKS] ?? '',
    payer: `racer${index}`,
    amount: BigInt(index + 1),
  }));
  for (let start = 0; start < KEYS; start += KEYS_PER_HEAT) {
    for (const { posted, replayed, places } of await raceFor(keys.slice(start, start + KEYS_PER_HEAT))) {
      expect([posted, replayed, places.size]).toEqual([1, RACERS_PER_KEY - 1, 1]);
    }
  }
  const totals = await readTotals(ledger.database.db, books);
  for (const book of books) {
    const given = keys.filter((each) => each.book === book).map((each) => each.amount);
    expect(totals.get(book)).toMatchObject({
      receiptCount: BigInt(given.length),
      credited: given.reduce((sum, amount) => sum + amount, 0n),
    });
    expect(await ledger.factsOf(book)).toHaveLength(given.length);
  }
  expect(await audit(ledger.database.db)).toEqual([]);
}, 60_000);
