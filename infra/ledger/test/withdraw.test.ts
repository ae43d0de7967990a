import { inTransaction } from '@banyan/kit/database';
import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { audit, setBookStatus, withdraw } from '../src/ledger.ts';
import type { WithdrawalInput } from '../src/ledger.ts';
import { gift, startLedger } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

function payout(book: string, amount: bigint): WithdrawalInput {
  return { ...gift(book, { amount }), kind: 'PAYOUT' };
}

function refund(book: string, transfer: string, amount: bigint, portion: string): WithdrawalInput {
  return { ...gift(book, { amount }), kind: 'REFUND', origin: { transfer, portion } };
}

async function bookWith(...amounts: bigint[]): Promise<{ book: string; ids: string[] }> {
  const book = await ledger.newBook();
  const committer = ledger.committer();
  const results = await Promise.all(amounts.map(async (amount) => committer.post(gift(book, { amount }))));
  return { book, ids: results.map((each) => each.transfer?.id ?? '') };
}

describe('never more than is available leaves', () => {
  test('of twenty who ask for a tenth at once, ten get it', async () => {
    const { book } = await bookWith(1_000n);
    const { db } = ledger.database;
    const results = await Promise.all(
      Array.from({ length: 20 }, async () => withdraw(db, payout(book, 100n))),
    );
    expect(results.filter((each) => each.outcome === 'POSTED')).toHaveLength(10);
    expect(results.filter((each) => each.outcome === 'NOT_ENOUGH_HELD')).toHaveLength(10);
    const last = await withdraw(db, payout(book, 1n));
    expect(last).toMatchObject({ totals: { credited: 1_000n, paidOut: 1_000n, available: 0n } });
    expect(await audit(db, book)).toEqual([]);
  });

  test('the table itself holds it, whatever the function says', async () => {
    const { book } = await bookWith(10n);
    await expect(
      ledger.owner.query('update ledger.totals set paid_out = 11 where book = $1', [book]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'totals_available' });
  });

  test('a closed book pays out', async () => {
    const { book } = await bookWith(10n);
    await setBookStatus(ledger.database.db, book, 'CLOSED');
    expect(await withdraw(ledger.database.db, payout(book, 10n))).toMatchObject({ outcome: 'POSTED' });
  });
});

describe('each portion of a gift leaves once', () => {
  test('ten who refund the same portion have one effect', async () => {
    const { book, ids } = await bookWith(100n, 900n);
    const { db } = ledger.database;
    const results = await Promise.all(
      Array.from({ length: 10 }, async () => withdraw(db, refund(book, ids[0] ?? '', 40n, 'refund:1'))),
    );
    expect(results.map((each) => each.outcome).toSorted()).toEqual([
      ...Array<string>(9).fill('PORTION_GONE'),
      'POSTED',
    ]);
  });

  test('portions together never exceed their gift', async () => {
    const { book, ids } = await bookWith(100n, 900n);
    const { db } = ledger.database;
    const outcomes: string[] = [];
    for (const [amount, portion] of [
      [60n, 'a'],
      [41n, 'b'],
      [40n, 'c'],
      [1n, 'd'],
    ] as const) {
      outcomes.push((await withdraw(db, refund(book, ids[0] ?? '', amount, portion))).outcome);
    }
    expect(outcomes).toEqual(['POSTED', 'PORTION_EXCEEDED', 'POSTED', 'PORTION_EXCEEDED']);
    expect(await audit(db, book)).toEqual([]);
  });

  test('a gift whose money was paid out cannot be refunded from the book', async () => {
    const { book, ids } = await bookWith(100n);
    await withdraw(ledger.database.db, payout(book, 50n));
    const full = await withdraw(ledger.database.db, refund(book, ids[0] ?? '', 100n, 'all'));
    expect(full).toMatchObject({ outcome: 'NOT_ENOUGH_HELD', totals: { available: 50n } });
  });

  test('a refund of nothing that came in, of another book or of a payout, is refused', async () => {
    const { book } = await bookWith(100n);
    const other = await bookWith(100n);
    const { db } = ledger.database;
    const paid = await withdraw(db, payout(book, 50n));
    for (const origin of ['nothing', other.ids[0] ?? '', paid.transfer?.id ?? '']) {
      expect(await withdraw(db, refund(book, origin, 1n, 'x'))).toMatchObject({ outcome: 'ORIGIN_UNKNOWN' });
    }
  });
});

describe('money out is idempotent too', () => {
  test('the same key gets the first answer, another input is told so', async () => {
    const { book, ids } = await bookWith(100n);
    const { db } = ledger.database;
    const input = refund(book, ids[0] ?? '', 100n, 'all');
    const first = await withdraw(db, input);
    expect(await withdraw(db, { ...input, id: 'another' })).toMatchObject({
      outcome: 'REPLAYED',
      transfer: first.transfer,
    });
    expect(await withdraw(db, { ...payout(book, 100n), payer: input.payer })).toMatchObject({
      outcome: 'KEY_REUSED',
    });
  });

  test('it is part of the transaction of whoever asked', async () => {
    const { book } = await bookWith(100n);
    const rolledBack = inTransaction(ledger.database.db, async (trx) => {
      await withdraw(trx, payout(book, 100n));
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(await withdraw(ledger.database.db, payout(book, 100n))).toMatchObject({ outcome: 'POSTED' });
  });

  test('what makes no sense is refused before the database is asked', async () => {
    const { book } = await bookWith(100n);
    const { db } = ledger.database;
    const nameless: WithdrawalInput = { ...payout(book, 1n), kind: 'REFUND' };
    await expect(withdraw(db, nameless)).rejects.toMatchObject({ field: 'origin' });
    await expect(withdraw(db, payout(book, 0n))).rejects.toMatchObject({ field: 'amount' });
    await expect(withdraw(db, payout(book, -5n))).rejects.toMatchObject({ field: 'amount' });
  });
});
