import type { Page } from '@banyan/kit/database';
import { sharedByTests } from '@banyan/kit/testing';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createTotalsReader, listTransfers, readTotals, setBookStatus } from '../src/ledger.ts';
import type { Transfer } from '../src/ledger.ts';
import { SharedRead } from '../src/shared-read.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

describe('the acknowledgement carries the total that includes the gift', () => {
  test('transfer, total and version are those that a reader finds afterwards', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    await committer.post(gift(book));
    const { totals, transfer } = await committer.post(gift(book, { amount: 50n }));
    expect(totals).toEqual({
      book,
      status: 'OPEN',
      currency: 'CNY',
      credited: 150n,
      refunded: 0n,
      paidOut: 0n,
      available: 150n,
      receiptCount: 2n,
      version: 2n,
      asOf: transfer?.postedAt,
    });
    expect((await readTotals(ledger.database.db, [book, 'nowhere'])).get(book)).toEqual(totals);
  });

  test('asOf grows with the version, also when the clock of the server is set back', async () => {
    const book = await ledger.newBook();
    await ledger.owner.query(
      `update ledger.totals set as_of = clock_timestamp() + interval '1 hour' where book = $1`,
      [book],
    );
    const asOf = async () => {
      const { rows } = await sql<{ as_of: string }>`
        select as_of::text from ledger.totals where book = ${book}`.execute(ledger.database.db);
      return rows[0]?.as_of ?? '';
    };
    const committer = ledger.committer();
    const times = [await asOf()];
    for (let round = 0; round < 3; round += 1) {
      await committer.post(gift(book));
      times.push(await asOf());
    }
    await setBookStatus(ledger.database.db, book, 'CLOSED');
    times.push(await asOf());
    expect(times).toEqual([...new Set(times)].toSorted());
  });

  test('a change of status is a new version, so that no copy of the old one survives', async () => {
    const book = await ledger.newBook();
    const { db } = ledger.database;
    expect(await setBookStatus(db, book, 'CLOSED')).toMatchObject({ status: 'CLOSED', version: 1n });
    expect(await setBookStatus(db, book, 'CLOSED')).toMatchObject({ status: 'CLOSED', version: 1n });
    expect(await setBookStatus(db, book, 'OPEN')).toMatchObject({ status: 'OPEN', version: 2n });
    expect(await setBookStatus(db, 'nowhere', 'OPEN')).toBeNull();
  });
});

describe('lists go by the place at which a transfer was counted', () => {
  test('a transfer that is committed late comes late, whatever its id and the time it was made', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    const early = gift(book, { id: 'aaa' });
    await committer.post(gift(book, { id: 'mmm' }));
    await committer.post(gift(book, { id: 'zzz' }));
    const page = await listTransfers(ledger.database.db, { book, first: 2, from: 'oldest' });
    await committer.post(early);
    const after = page.pageInfo.endCursor;
    const rest = await listTransfers(ledger.database.db, { book, first: 2, after, from: 'oldest' });
    expect(rest.nodes.map((each) => each.id)).toEqual(['aaa']);
  });

  test('pages of three cover a batch of ten, each transfer once', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer({ maxLanes: 1 });
    await Promise.all(Array.from({ length: 10 }, async () => committer.post(gift(book))));
    const seen: Transfer[] = [];
    let after: string | null = null;
    for (;;) {
      const page: Page<Transfer> = await listTransfers(ledger.database.db, { book, first: 3, after });
      seen.push(...page.nodes);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(seen.map((each) => each.ordinal)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(new Set(seen.map((each) => each.version))).toEqual(new Set([1n]));
  });
});

/** A SELECT that answers when it is told to. */
function heldSelects() {
  const selects: { keys: readonly string[]; answer: (value: number) => void; fail: () => void }[] = [];
  const load = async (keys: readonly string[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<Map<string, number>>();
    selects.push({
      keys,
      answer: (value) => resolve(new Map(keys.map((key) => [key, value]))),
      fail: () => reject(new Error('connection lost')),
    });
    return promise;
  };
  return { selects, load };
}

/** Lets everything that is ready happen. */
async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('readers share only a SELECT that began after they came', () => {
  test('who comes while one is under way waits for the next, and all of those share it', async () => {
    const { selects, load } = heldSelects();
    const shared = new SharedRead(load, 100);
    const first = [shared.read('a'), shared.read('a'), shared.read('b')];
    await settled();
    const second = [shared.read('a'), shared.read('c')];
    await settled();
    expect(selects.map((each) => each.keys)).toEqual([['a', 'b']]);
    selects[0]?.answer(1);
    await settled();
    expect(selects.map((each) => each.keys)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
    selects[1]?.answer(2);
    expect(await Promise.all([...first, ...second])).toEqual([1, 1, 1, 2, 2]);
  });

  test('one SELECT has a bound, and one that fails does not hold up the next', async () => {
    const { selects, load } = heldSelects();
    const shared = new SharedRead(load, 2);
    const reads = Promise.allSettled(['a', 'b', 'c'].map(async (key) => shared.read(key)));
    await settled();
    selects[0]?.fail();
    await settled();
    selects[1]?.answer(3);
    expect(selects.map((each) => each.keys)).toEqual([['a', 'b'], ['c']]);
    expect((await reads).map((each) => each.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  test('a donor’s next read includes the gift, while others keep the reader busy', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    const reader = createTotalsReader(ledger.database.db);
    let isOver = false;
    const versions: bigint[] = [];
    const crowd = (async () => {
      while (!isOver) versions.push((await reader.read(book))?.version ?? -1n);
    })();
    for (let round = 0; round < 50; round += 1) {
      const { totals } = await committer.post(gift(book));
      const seen = await reader.read(book);
      expect(seen?.version).toBeGreaterThanOrEqual(totals?.version ?? 0n);
    }
    isOver = true;
    await crowd;
    expect(versions).toEqual(versions.toSorted((a, b) => Number(a - b)));
  });
});

describe('totals at least of a version', () => {
  test('are waited for', async () => {
    const book = await ledger.newBook();
    const reader = createTotalsReader(ledger.database.db, { pollMs: 1 });
    const awaited = reader.atLeast(book, 1n, { timeoutMs: 10_000 });
    await ledger.committer().post(gift(book));
    expect(await awaited).toMatchObject({ version: 1n, credited: 100n });
  });

  test('are not waited for beyond the time', async () => {
    const book = await ledger.newBook();
    const reader = createTotalsReader(ledger.database.db);
    const early = reader.atLeast(book, 1n, { timeoutMs: 0 });
    await expect(early).rejects.toMatchObject({ code: 'VERSION_NOT_REACHED', version: 0n });
    await expect(reader.atLeast('nowhere', 0n, { timeoutMs: 0 })).rejects.toMatchObject({ version: null });
    expect(await reader.read('nowhere')).toBeNull();
  });
});
