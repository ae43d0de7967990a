import { createDatabase } from '@banyan/kit/database';
import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { audit, findTransferByKey, openBook, withdraw } from '../src/ledger.ts';
import type { LedgerTables } from '../src/ledger.ts';
import { gift, postOn, startLedger, unique } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

test('no row is shared by all books: a gift to one never waits for another book', async () => {
  const [busy, free] = [await ledger.newBook(), await ledger.newBook()];
  const session = await ledger.session();
  await session.query('begin');
  await postOn(session, gift(busy));
  expect(await ledger.committer({ lockTimeoutMs: 50 }).post(gift(free))).toMatchObject({ outcome: 'POSTED' });
  await session.query('commit');
});

test('every index of the schema begins with the book, so that books can be sharded', async () => {
  const { rows } = await ledger.owner.query<{ name: string; first: string }>(
    `select i.indexrelid::regclass::text as name, a.attname as first
     from pg_index i join pg_class c on c.oid = i.indrelid
     left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where c.relnamespace = 'ledger'::regnamespace`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(7);
  expect(rows.filter((each) => each.first !== 'book')).toEqual([]);
});

test('every foreign key of the schema begins with the book on both sides', async () => {
  const { rows } = await ledger.owner.query<{ from: string; to: string }>(
    `select a.attname as from, b.attname as to
     from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
     join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
     where c.connamespace = 'ledger'::regnamespace and c.contype = 'f'`,
  );
  expect(rows).toEqual(Array(3).fill({ from: 'book', to: 'book' }));
});

describe('facts and postings are append-only', () => {
  const forbidden = [
    'update ledger.transfers set amount = 1',
    'delete from ledger.transfers',
    'truncate ledger.transfers cascade',
    'update ledger.postings set amount = 1',
    'delete from ledger.postings',
    'truncate ledger.postings',
  ];
  test.each(forbidden)('neither the service nor the owner can: %s', async (statement) => {
    const session = await ledger.session();
    await expect(session.query(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(ledger.owner.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  const aroundTheLock = [
    `insert into ledger.transfers (book) values ('b')`,
    `insert into ledger.postings (book) values ('b')`,
    'update ledger.totals set credited = 1',
    'delete from ledger.totals',
    'select ledger.write_transfers(null)',
    'select ledger.after_post(null)',
  ];
  test.each(aroundTheLock)('the service cannot go around the lock: %s', async (statement) => {
    const session = await ledger.session();
    await expect(session.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('postings balance', () => {
  test('every transfer has two postings that sum to zero', async () => {
    const book = await ledger.newBook();
    const { transfer } = await ledger.committer().post(gift(book));
    const rows = await ledger.database.db
      .selectFrom('ledger.postings')
      .select(['account', 'amount'])
      .where('book', '=', book)
      .where('transfer', '=', transfer?.id ?? '')
      .orderBy('account')
      .execute();
    expect(rows).toEqual([
      { account: 'clearing', amount: -100n },
      { account: 'held', amount: 100n },
    ]);
  });

  const wrong: [string, string, string][] = [
    ['that do not sum to zero', `('pocket', 5), ('purse', -4)`, 'postings_balance'],
    ['of one side', `('pocket', 5)`, 'postings_balance'],
    ['of accounts that the book has not', `('pocket', 5), ('purse', -5)`, 'postings_belong'],
  ];
  test.each(wrong)('the owner cannot write postings %s', async (_, legs, constraint) => {
    const book = await ledger.newBook();
    const { transfer } = await ledger.committer().post(gift(book));
    await expect(
      ledger.owner.query(
        `insert into ledger.postings select $1, $2, account, amount from (values ${legs}) leg (account, amount)`,
        [book, transfer?.id],
      ),
    ).rejects.toMatchObject({ constraint });
  });

  test('the owner cannot write postings of a transfer that is not there', async () => {
    const book = await ledger.newBook();
    await expect(
      ledger.owner.query(
        `insert into ledger.postings values ($1, 'nothing', 'held', 5), ($1, 'nothing', 'clearing', -5)`,
        [book],
      ),
    ).rejects.toMatchObject({ code: '23503', constraint: 'postings_belong' });
  });
});

describe('the audit recomputes everything from the postings', () => {
  test('finds nothing in a book that is right', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    await Promise.all(Array.from({ length: 20 }, async () => committer.post(gift(book))));
    const payout = { ...gift(book, { amount: 500n }), kind: 'PAYOUT' as const };
    await withdraw(ledger.database.db, payout);
    expect(await audit(ledger.database.db, book)).toEqual([]);
  });

  const planted: [string, string, string][] = [
    [
      'a total that counted a gift twice',
      'update ledger.totals set credited = credited + 100',
      'CREDITED_DIFFERS',
    ],
    ['a count that is off', 'update ledger.totals set receipt_count = 0', 'RECEIPT_COUNT_DIFFERS'],
    ['a gift whose postings are lost', 'delete from ledger.postings', 'POSTINGS_WRONG'],
    ['a version that was never reached', 'update ledger.totals set version = 0', 'PLACE_WRONG'],
  ];
  test.each(planted)('finds %s', async (_, tampering, problem) => {
    const book = await ledger.newBook();
    await ledger.committer().post(gift(book));
    await ledger.owner.query('alter table ledger.postings disable trigger user');
    await ledger.owner.query(`${tampering} where book = $1`, [book]);
    await ledger.owner.query('alter table ledger.postings enable trigger user');
    const problems = (await audit(ledger.database.db, book)).map((each) => each.problem);
    expect(problems).toContain(problem);
    const everywhere = await audit(ledger.database.db);
    expect(everywhere.filter((each) => each.book === book)).toHaveLength(problems.length);
    expect(await audit(ledger.database.db, null, { maxFindings: 1 })).toHaveLength(1);
  });

  test('takes its time, whatever the limit of the requests beside which it runs', async () => {
    const book = await ledger.newBook();
    await ledger.committer().post(gift(book));
    // Postings as slow to read as those of millions of gifts.
    await ledger.owner.query(`
      alter table ledger.postings enable row level security;
      create policy slow on ledger.postings
        using (case when book = '${book}' then pg_sleep(0.4)::text is not null else true end)`);
    const hurried = createDatabase<LedgerTables>({ url: ledger.url, statementTimeoutMs: 300 });
    onTestFinished(async () => {
      await hurried.destroy();
      await ledger.owner.query(`
        drop policy slow on ledger.postings;
        alter table ledger.postings disable row level security`);
    });
    await expect(hurried.db.selectFrom('ledger.postings').selectAll().execute()).rejects.toMatchObject({
      code: '57014',
    });
    expect(await audit(hurried.db, book)).toEqual([]);
    await expect(audit(hurried.db, book, { statementTimeoutMs: 300 })).rejects.toMatchObject({
      code: '57014',
    });
  });
});

describe('a key is found by its own index, whatever the statistics say', () => {
  test('in a book that grew hot after the planner had learnt that books are small', async () => {
    const books = await Promise.all(Array.from({ length: 50 }, async () => ledger.newBook()));
    const committer = ledger.committer({ maxLanes: 1 });
    await Promise.all(books.map(async (book) => committer.post(gift(book))));
    await ledger.owner.query('analyze ledger.transfers');
    const [hot = ''] = books;
    await Promise.all(Array.from({ length: 2_000 }, async () => committer.post(gift(hot))));
    const reads = async () => {
      await ledger.owner.query('select pg_stat_force_next_flush()');
      const { rows } = await ledger.owner.query<{ index: string; read: string }>(
        `select indexrelname as index, idx_tup_read as read from pg_stat_user_indexes where relname = 'transfers'`,
      );
      return rows.reduce((sum, each) => sum + Number(each.read), 0);
    };
    // The committer's own connection tells its counts when it ends.
    await committer.drain();
    const before = await reads();
    const session = await ledger.session();
    for (let round = 0; round < 20; round += 1) await postOn(session, gift(hot), gift(hot));
    await findTransferByKey(ledger.database.db, gift(hot));
    await session.query('select pg_stat_force_next_flush()');
    await session.query('select 1');
    expect((await reads()) - before).toBeLessThan(1_000);
  });
});

test('a book is opened once; again with another currency is a mistake', async () => {
  const { db } = ledger.database;
  const book = unique('book');
  const input = { book, currency: 'CNY', maxAmount: 5n };
  const opened = await openBook(db, input);
  expect(await openBook(db, input)).toEqual(opened);
  await expect(openBook(db, { ...input, currency: 'USD' })).rejects.toMatchObject({ code: '23505' });
});
