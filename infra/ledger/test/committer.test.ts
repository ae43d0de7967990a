import { sharedByTests } from '@banyan/kit/testing';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LedgerOverloaded, LedgerUnavailable } from '../src/ledger.ts';
import type { TransferInput } from '../src/ledger.ts';
import { gift, startLedger, unique } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

beforeAll(async () => {
  await ledger.owner.query('create table batches (rows integer, books integer, durability text)');
});

afterEach(async () => {
  await ledger.installHook();
  await ledger.owner.query('truncate batches');
});

const recordBatch = `begin
  insert into public.batches
  select count(*), count(distinct p.book), current_setting('synchronous_commit') from unnest(posted) p;
end`;

async function batches(): Promise<{ rows: number; books: number; durability: string }[]> {
  const { rows } = await ledger.owner.query<{ rows: number; books: number; durability: string }>(
    'select * from batches',
  );
  return rows;
}

describe('one call is under way per lane, and the batch is what came meanwhile', () => {
  test('what arrives while a batch is committed travels as the next one', async () => {
    const book = await ledger.newBook();
    await ledger.installHook(recordBatch);
    const committer = ledger.committer({ maxLanes: 1 });
    const release = await ledger.holdBook(book);
    const first = committer.post(gift(book));
    await ledger.untilBlocked(1);
    const rest = Array.from({ length: 25 }, async () => committer.post(gift(book)));
    // Later turns of the event loop, and still the same call under way.
    await nextTurn();
    await nextTurn();
    rest.push(...Array.from({ length: 25 }, async () => committer.post(gift(book))));
    await release();
    const results = await Promise.all([first, ...rest]);
    expect((await batches()).map((each) => each.rows)).toEqual([1, 50]);
    expect(results.map((each) => each.transfer?.version)).toEqual([1n, ...Array<bigint>(50).fill(2n)]);
    expect(results.at(-1)?.totals).toMatchObject({ credited: 5_100n, receiptCount: 51n, version: 2n });
  });

  test('a batch has a bound', async () => {
    const book = await ledger.newBook();
    await ledger.installHook(recordBatch);
    const committer = ledger.committer({ maxLanes: 1, maxBatchRows: 10 });
    await Promise.all(Array.from({ length: 25 }, async () => committer.post(gift(book))));
    expect((await batches()).map((each) => each.rows)).toEqual([10, 10, 5]);
  });

  test('where books are sharded, a call holds one book', async () => {
    const books = [await ledger.newBook(), await ledger.newBook()];
    await ledger.installHook(recordBatch);
    const committer = ledger.committer({ maxLanes: 1, maxBooksPerCall: 1 });
    const gifts = Array.from({ length: 40 }, (_, index) => gift(books[index % 2] ?? ''));
    await Promise.all(gifts.map(async (each) => committer.post(each)));
    expect(await batches()).toMatchObject(Array(2).fill({ rows: 20, books: 1 }));
  });

  test('a full queue turns away at once, says when to come back, and has no effect', async () => {
    const book = await ledger.newBook();
    const registry = new Registry();
    const committer = ledger.committer({ maxLanes: 1, maxQueueRows: 3, registry });
    const release = await ledger.holdBook(book);
    const first = committer.post(gift(book));
    await ledger.untilBlocked(1);
    const waiting = Array.from({ length: 3 }, async () => committer.post(gift(book)));
    const refused = await committer.post(gift(book)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LedgerOverloaded);
    expect((refused as LedgerOverloaded).retryAfterMs).toBeGreaterThan(0);
    expect(await registry.metrics()).toContain('ledger_queue_rows 3');
    await release();
    await Promise.all([first, ...waiting]);
    expect(await ledger.factsOf(book)).toHaveLength(4);
    expect(await registry.metrics()).toMatch(/ledger_batch_rows_sum 4\n/);
  });

  test('an acknowledged gift is on disk, whatever the default of the database', async () => {
    const book = await ledger.newBook();
    await ledger.installHook(recordBatch);
    const { rows } = await ledger.owner.query<{ name: string }>('select current_database() as name');
    await ledger.owner.query(`alter database ${rows[0]?.name ?? ''} set synchronous_commit = off`);
    await ledger.committer().post(gift(book));
    expect(await batches()).toMatchObject([{ durability: 'on' }]);
  });
});

describe('one bad gift never fails its neighbours', () => {
  const nul = String.fromCharCode(0);
  const malformed: [string, Partial<TransferInput>][] = [
    ['a NUL in the key', { key: `a${nul}b` }],
    ['a NUL in the details', { details: { message: `a${nul}b` } }],
    ['half a character in the details', { details: { message: '\ud83c' } }],
    ['details too long', { details: { message: 'x'.repeat(5_000) } }],
    ['no key', { key: '' }],
    ['a key too long', { key: 'k'.repeat(129) }],
    ['nothing', { amount: 0n }],
    ['less than nothing', { amount: -1n }],
    ['more than any book takes', { amount: 10n ** 12n + 1n }],
    ['a currency that is none', { currency: 'yuan' }],
  ];
  test.each(malformed)('%s is refused before it is queued', async (_, changes) => {
    const book = await ledger.newBook();
    const faults: unknown[] = [];
    const committer = ledger.committer({ onFault: (fault) => faults.push(fault) });
    const [bad, good] = await Promise.allSettled([
      committer.post(gift(book, changes)),
      committer.post(gift(book)),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_TRANSFER' } });
    expect(good).toMatchObject({ status: 'fulfilled', value: { outcome: 'POSTED' } });
    expect(faults).toEqual([]);
  });

  test('text that only looks like an escaped NUL is taken', async () => {
    const book = await ledger.newBook();
    const details = { message: String.raw`a\u0000b` };
    expect(await ledger.committer().post(gift(book, { details }))).toMatchObject({ outcome: 'POSTED' });
  });

  test('a row that the database refuses is found among 64 and fails alone', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer({ maxLanes: 1 });
    const { transfer } = await committer.post(gift(book));
    const gifts = Array.from({ length: 64 }, () => gift(book));
    // The id of another transfer: unique violation, class 23.
    gifts[17] = gift(book, { id: transfer?.id ?? '' });
    const results = await Promise.allSettled(gifts.map(async (each) => committer.post(each)));
    const failed = results.flatMap((each, index) => (each.status === 'rejected' ? [index] : []));
    expect(failed).toEqual([17]);
    expect(results[17]).toMatchObject({
      reason: { code: 'INVALID_TRANSFER', cause: { cause: { code: '23505' } } },
    });
    expect(await ledger.factsOf(book)).toHaveLength(64);
  });

  test('an amount that overflows the sum of its book fails alone', async () => {
    const book = await ledger.newBook(2n ** 62n);
    const committer = ledger.committer({ maxLanes: 1, maxAmount: 2n ** 62n });
    const amounts = [1n, 2n ** 62n, 2n ** 62n, 2n];
    const results = await Promise.allSettled(
      amounts.map(async (amount) => committer.post(gift(book, { amount }))),
    );
    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(results[3]).toMatchObject({ value: { totals: { credited: 2n ** 62n + 3n } } });
  });

  test('a commit that fails is not acknowledged, and fails the gift alone that it is due to', async () => {
    const book = await ledger.newBook();
    await ledger.owner.query(`
      create table due (id text primary key);
      create table paid (id text references due (id) deferrable initially deferred);
    `);
    await ledger.installHook(`begin
      insert into public.paid select p.id from unnest(posted) p where p.details ? 'unpaid';
    end`);
    const committer = ledger.committer({ maxLanes: 1 });
    const results = await Promise.allSettled([
      committer.post(gift(book)),
      committer.post(gift(book, { details: { unpaid: true } })),
      committer.post(gift(book)),
    ]);
    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ledger.factsOf(book)).toHaveLength(2);
  });
});

describe('a caller waits no longer than it has time', () => {
  test('a gift under way past the deadline is unknown, and goes on in the background', async () => {
    const book = await ledger.newBook();
    const registry = new Registry();
    const committer = ledger.committer({ maxLanes: 1, registry });
    const release = await ledger.holdBook(book);
    const input = gift(book);
    await expect(committer.post(input, { deadlineMs: 250 })).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      book,
      payer: input.payer,
      key: input.key,
    });
    await release();
    expect(await committer.post(input)).toMatchObject({ transfer: { id: input.id } });
    expect(await ledger.factsOf(book)).toHaveLength(1);
    expect(await registry.metrics()).toContain('ledger_outcome_unknown_total 1');
  });

  test('a gift that was never sent by its deadline has no effect, and its caller is told so', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer({ maxLanes: 1 });
    const release = await ledger.holdBook(book);
    const first = committer.post(gift(book));
    await ledger.untilBlocked(1);
    await expect(committer.post(gift(book), { deadlineMs: 1 })).rejects.toBeInstanceOf(LedgerOverloaded);
    await release();
    await first;
    await committer.drain();
    expect(await ledger.factsOf(book)).toHaveLength(1);
  });
});

describe('shutting down', () => {
  test('drain answers everybody who waits, and takes no more', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    const posted = Array.from({ length: 20 }, async () => committer.post(gift(book)));
    const drained = committer.drain();
    await expect(committer.post(gift(book))).rejects.toBeInstanceOf(LedgerUnavailable);
    await drained;
    expect((await Promise.all(posted)).map((each) => each.outcome)).toEqual(Array(20).fill('POSTED'));
    await committer.drain();
  });

  test('drain gives up after its time: what is under way is unknown, what waits has no effect', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer({ maxLanes: 1 });
    const release = await ledger.holdBook(book);
    const underWay = committer.post(gift(book, { payer: unique('under_way') }));
    await ledger.untilBlocked(1);
    const waiting = committer.post(gift(book));
    const outcomes = Promise.allSettled([underWay, waiting]);
    await committer.drain({ timeoutMs: 0 });
    expect(await outcomes).toMatchObject([
      { reason: { code: 'OUTCOME_UNKNOWN' } },
      { reason: { code: 'LEDGER_UNAVAILABLE' } },
    ]);
    await release();
  });
});
