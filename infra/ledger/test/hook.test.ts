import { sharedByTests } from '@banyan/kit/testing';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { withdraw } from '../src/ledger.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

beforeAll(async () => {
  await ledger.owner.query(`
    create table donations (
      book text, transfer text, message text, version bigint, call xid8 default pg_current_xact_id(),
      foreign key (book, transfer) references ledger.transfers (book, id));
    create table calls (transfers integer);
  `);
  await ledger.installHook(`begin
    insert into public.donations (book, transfer, message, version)
    select p.book, p.id, p.details ->> 'message', p.version from unnest(posted) p where p.kind = 'RECEIPT';
    insert into public.calls values (cardinality(posted));
  end`);
});

beforeEach(async () => {
  await ledger.owner.query('truncate donations, calls');
});

async function count(table: 'donations' | 'calls'): Promise<number> {
  const { rows } = await ledger.owner.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}

test('the owner of the facts writes its rows in the commit that counts them, in one call per batch', async () => {
  const book = await ledger.newBook();
  const committer = ledger.committer({ maxLanes: 1 });
  const gifts = Array.from({ length: 30 }, (_, index) =>
    gift(book, { details: { message: `no. ${index}` } }),
  );
  await Promise.all(gifts.map(async (each) => committer.post(each)));
  const { rows } = await ledger.owner.query<{ transfer: string; message: string; version: string }>(
    'select transfer, message, version from donations order by transfer',
  );
  const expected = gifts.map((each) => ({
    transfer: each.id,
    message: each.details?.['message'],
    version: '1',
  }));
  expect(rows).toEqual(expected.toSorted((a, b) => (a.transfer < b.transfer ? -1 : 1)));
  expect(await count('calls')).toBe(1);
});

test('repeats and refusals do not reach it', async () => {
  const book = await ledger.newBook();
  const committer = ledger.committer({ maxLanes: 1 });
  const input = gift(book);
  await committer.post(input);
  await Promise.all([
    committer.post(input),
    committer.post(gift(book, { payer: input.payer, amount: 1n })),
    committer.post(gift(book, { currency: 'USD' })),
  ]);
  expect([await count('donations'), await count('calls')]).toEqual([1, 1]);
});

test('money out reaches it too', async () => {
  const book = await ledger.newBook();
  await ledger.committer().post(gift(book));
  await withdraw(ledger.database.db, { ...gift(book), kind: 'PAYOUT' });
  expect([await count('donations'), await count('calls')]).toEqual([1, 2]);
});
