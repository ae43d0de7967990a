import { startCuttingProxy } from '@banyan/kit/proxy';
import { sharedByTests } from '@banyan/kit/testing';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { OutcomeUnknown, audit, createTotalsReader, setBookStatus, withdraw } from '../src/ledger.ts';
import type { PostResult, TransferInput } from '../src/ledger.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const BOOKS = 3;
const CLIENTS = 6;
const RUNS = 30;

const ledger = await sharedByTests(startLedger());
/** Stands in what the client sends with each batch. */
const batch = 'ledger_post_batch';
const proxy = await startCuttingProxy(ledger.url);
/** Two processes on one database; the connections of the first are cut now and then. */
const committers = [
  ledger.committer({ url: proxy.url, maxLanes: 2, maxBatchRows: 7 }),
  ledger.committer({ maxLanes: 1 }),
] as const;
const reader = createTotalsReader(ledger.database.db);

afterAll(async () => {
  await Promise.all(committers.map(async (each) => each.drain()));
  await proxy[Symbol.asyncDispose]();
});

const book = fc.nat(BOOKS - 1);
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      book,
      process: fc.nat(1),
      payer: fc.nat(2),
      key: fc.nat(4),
      amount: fc.integer({ min: 1, max: 2 }),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('payout' as const), book, amount: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), book, portion: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), book }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const), book }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), isCommitted: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Post = Extract<Step, { kind: 'post' }>;

interface Acknowledged {
  readonly input: TransferInput;
  readonly result: PostResult | OutcomeUnknown;
}

/** What the clients of one run saw. */
class History {
  readonly books: readonly string[];
  readonly acknowledged: Acknowledged[] = [];

  constructor(books: readonly string[]) {
    this.books = books;
  }

  bookAt(index: number): string {
    return this.books[index] ?? '';
  }
}

async function post(
  history: History,
  { book: index, process, payer, key, amount, times }: Post,
): Promise<void> {
  const of = history.bookAt(index);
  const inputs = Array.from({ length: times }, () =>
    gift(of, { payer: `payer${payer}`, key: `key${key}`, amount: BigInt(amount) }),
  );
  await Promise.all(
    inputs.map(async (input) => {
      const result = await committers[process === 0 ? 0 : 1].post(input).catch((error: unknown) => {
        if (error instanceof OutcomeUnknown) return error;
        throw error;
      });
      history.acknowledged.push({ input, result });
      // A donor's next read includes the donor's own gift.
      if ('outcome' in result) {
        const seen = await reader.read(of);
        expect(seen?.version).toBeGreaterThanOrEqual(result.totals?.version ?? 0n);
      }
    }),
  );
}

async function perform(history: History, each: Step): Promise<void> {
  const { db } = ledger.database;
  switch (each.kind) {
    case 'post':
      return post(history, each);
    case 'payout':
      await withdraw(db, {
        ...gift(history.bookAt(each.book), { amount: BigInt(each.amount) + 1n }),
        kind: 'PAYOUT',
      });
      return undefined;
    case 'refund': {
      const facts = await ledger.factsOf(history.bookAt(each.book));
      const first = facts.find(({ kind }) => kind === 'RECEIPT');
      if (!first) return undefined;
      const origin = { transfer: first.id, portion: `portion${each.portion}` };
      await withdraw(db, { ...gift(history.bookAt(each.book), { amount: 1n }), kind: 'REFUND', origin });
      return undefined;
    }
    case 'close':
      await setBookStatus(db, history.bookAt(each.book), 'CLOSED');
      return undefined;
    case 'open':
      await setBookStatus(db, history.bookAt(each.book), 'OPEN');
      return undefined;
    case 'cut':
      proxy.cut(batch, each.isCommitted ? 'after' : 'before', 1);
      return undefined;
    default:
      return each satisfies never;
  }
}

async function check(history: History): Promise<void> {
  const facts = new Map<string, { id: string; amount: bigint }>();
  for (const each of history.books) {
    expect(await audit(ledger.database.db, each)).toEqual([]);
    for (const fact of (await ledger.factsOf(each)).filter(({ kind }) => kind === 'RECEIPT')) {
      const key = `${each} ${fact.payer} ${fact.key}`;
      expect(facts.has(key)).toBe(false);
      facts.set(key, fact);
    }
  }
  const explained = new Set<string>();
  for (const { input, result } of history.acknowledged) {
    const fact = facts.get(`${input.book} ${input.payer} ${input.key}`);
    if (result instanceof OutcomeUnknown) {
      explained.add(input.id);
    } else if (result.outcome === 'POSTED' || result.outcome === 'REPLAYED') {
      expect(fact).toMatchObject({ id: result.transfer.id, amount: input.amount });
      if (result.outcome === 'POSTED') {
        expect(explained.has(result.transfer.id)).toBe(false);
        explained.add(result.transfer.id);
      }
    } else if (result.outcome === 'KEY_REUSED') {
      expect(fact?.amount).not.toBe(input.amount);
      expect(fact).toBeDefined();
    }
  }
  // Nothing is counted that no client was told of.
  expect([...facts.values()].filter(({ id }) => !explained.has(id))).toEqual([]);
}

test('whatever the interleaving: one effect per key, what is acknowledged is counted, what is counted adds up', async () => {
  const clients = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), {
    minLength: 2,
    maxLength: CLIENTS,
  });
  await fc.assert(
    fc.asyncProperty(clients, async (scripts) => {
      const books = await Promise.all(Array.from({ length: BOOKS }, async () => ledger.newBook()));
      const history = new History(books);
      await Promise.all(
        scripts.map(async (script) => {
          for (const each of script) await perform(history, each);
        }),
      );
      proxy.cut(batch, 'before', 0);
      await check(history);
    }),
    { numRuns: RUNS, seed: 20_261_122, endOnFailure: true },
  );
  expect(proxy.cuts).toBeGreaterThan(0);
}, 60_000);
