import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { findTransferByKey, setBookStatus } from '../src/ledger.ts';
import { gift, postOn, startLedger } from './support/test-ledger.ts';

const ledger = await sharedByTests(startLedger());

describe('what another process has just committed is seen', () => {
  test('a repeat that waited for the lock gets the first result, not an empty one', async () => {
    const book = await ledger.newBook();
    const [first, second] = [await ledger.session(), await ledger.session()];
    const original = gift(book);
    await first.query('begin');
    await postOn(first, original);
    const repeat = postOn(second, { ...original, id: 'another' });
    await ledger.untilBlocked(1);
    await first.query('commit');
    expect(await repeat).toMatchObject([{ outcome: 'REPLAYED', id: original.id, credited: '100' }]);
    expect(await ledger.factsOf(book)).toHaveLength(1);
  });

  test('a repeat with other input that waited for the lock is told so', async () => {
    const book = await ledger.newBook();
    const [first, second] = [await ledger.session(), await ledger.session()];
    const original = gift(book);
    await first.query('begin');
    await postOn(first, original);
    const other = postOn(second, gift(book, { payer: original.payer, amount: 5n }));
    await ledger.untilBlocked(1);
    await first.query('commit');
    expect(await other).toMatchObject([{ outcome: 'KEY_REUSED', id: null }]);
  });

  test('a gift that waits while its book closes is never counted', async () => {
    const book = await ledger.newBook();
    const closer = await ledger.session();
    await closer.query('begin');
    await closer.query(`select ledger.set_status($1, 'CLOSED')`, [book]);
    const late = ledger.committer().post(gift(book));
    await ledger.untilBlocked(1);
    await closer.query('commit');
    expect(await late).toMatchObject({ outcome: 'BOOK_CLOSED', transfer: null, totals: { credited: 0n } });
    expect(await ledger.factsOf(book)).toEqual([]);
  });

  test('a gift that holds the lock when its book is to close is counted, and the close comes after it', async () => {
    const book = await ledger.newBook();
    const poster = await ledger.session();
    await poster.query('begin');
    await postOn(poster, gift(book));
    const closed = setBookStatus(ledger.database.db, book, 'CLOSED');
    await poster.query('commit');
    expect(await closed).toMatchObject({ status: 'CLOSED', credited: 100n, version: 2n });
  });
});

describe('the key is asked first, the state of the book after it', () => {
  test('a retry after the close still gets its first answer', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    const original = gift(book);
    const first = await committer.post(original);
    await setBookStatus(ledger.database.db, book, 'CLOSED');
    const again = await committer.post({ ...original, id: 'another' });
    expect(again).toMatchObject({ outcome: 'REPLAYED', transfer: first.transfer });
    expect(await committer.post(gift(book))).toMatchObject({ outcome: 'BOOK_CLOSED' });
    const reused = gift(book, { payer: original.payer, amount: 7n });
    expect(await committer.post(reused)).toMatchObject({ outcome: 'KEY_REUSED' });
  });

  test('a batch of repeats alone returns total and version, and changes neither', async () => {
    const book = await ledger.newBook();
    const session = await ledger.session();
    const gifts = [gift(book), gift(book)];
    await postOn(session, ...gifts);
    const repeats = await postOn(session, ...gifts);
    const expected = { outcome: 'REPLAYED', credited: '200', version: '1' };
    expect(repeats).toMatchObject([expected, expected]);
  });

  test('a refused key is free: it counts once its book takes money again', async () => {
    const book = await ledger.newBook();
    const committer = ledger.committer();
    const input = gift(book);
    await setBookStatus(ledger.database.db, book, 'CLOSED');
    expect(await committer.post(input)).toMatchObject({ outcome: 'BOOK_CLOSED' });
    await setBookStatus(ledger.database.db, book, 'OPEN');
    expect(await committer.post(input)).toMatchObject({ outcome: 'POSTED' });
  });
});

describe('a key used again with other input is told so', () => {
  test('within one batch, the first that may pass wins', async () => {
    const book = await ledger.newBook();
    const payer = 'p1';
    const outcomes = await postOn(
      await ledger.session(),
      gift(book, { payer, currency: 'USD' }),
      gift(book, { payer, id: 'winner' }),
      gift(book, { payer }),
      gift(book, { payer, amount: 101n }),
      gift(book, { payer, currency: 'USD' }),
      gift(book, { payer, inputHash: 'another message' }),
    );
    expect(outcomes.map((each) => [each.outcome, each.id])).toEqual([
      ['CURRENCY_MISMATCH', null],
      ['POSTED', 'winner'],
      ['REPLAYED', 'winner'],
      ['KEY_REUSED', null],
      ['KEY_REUSED', null],
      ['KEY_REUSED', null],
    ]);
    expect(await ledger.factsOf(book)).toMatchObject([{ id: 'winner', amount: 100n }]);
  });

  test('when half of a batch is already there', async () => {
    const book = await ledger.newBook();
    const session = await ledger.session();
    const [known, fresh] = [gift(book), gift(book)];
    await postOn(session, known);
    const other = gift(book, { payer: known.payer, inputHash: 'x' });
    const outcomes = await postOn(session, other, known, fresh);
    expect(outcomes.map((each) => each.outcome)).toEqual(['KEY_REUSED', 'REPLAYED', 'POSTED']);
  });

  test('by two processes: 100 racers on a key have one effect', async () => {
    const book = await ledger.newBook();
    const [one, two] = [ledger.committer(), ledger.committer()];
    const racers = Array.from({ length: 100 }, async (_, index) =>
      (index % 2 === 0 ? one : two).post(gift(book, { payer: 'racer' })),
    );
    const results = await Promise.all(racers);
    expect(results.filter((each) => each.outcome === 'POSTED')).toHaveLength(1);
    expect(results.filter((each) => each.outcome === 'REPLAYED')).toHaveLength(99);
    expect(new Set(results.map((each) => each.transfer?.id)).size).toBe(1);
    expect(await ledger.factsOf(book)).toHaveLength(1);
  });
});

describe('a key belongs to its book and payer', () => {
  test('the same key of two payers, and in two books, is three gifts', async () => {
    const [one, two] = [await ledger.newBook(), await ledger.newBook()];
    const session = await ledger.session();
    const first = gift(one, { payer: 'a' });
    const outcomes = await postOn(session, first, gift(one, { payer: 'b' }), gift(two, { payer: 'a' }));
    expect(outcomes.map((each) => each.outcome)).toEqual(['POSTED', 'POSTED', 'POSTED']);
    const later = await postOn(session, gift(one, { payer: 'c' }), gift(one, { payer: 'a' }));
    expect(later).toMatchObject([{ outcome: 'POSTED' }, { outcome: 'REPLAYED', id: first.id }]);
  });

  test('without a payer nothing is taken', async () => {
    const book = await ledger.newBook();
    const nobody = { ...gift(book), payer: null as unknown as string };
    await expect(postOn(await ledger.session(), nobody)).rejects.toMatchObject({ code: '23502' });
    await expect(ledger.committer().post(nobody)).rejects.toMatchObject({ field: 'payer' });
  });

  test('the key tells what became of it, for ever', async () => {
    const book = await ledger.newBook();
    const input = gift(book, { details: { note: 'hello' } });
    expect(await findTransferByKey(ledger.database.db, input)).toBeNull();
    const { transfer } = await ledger.committer().post(input);
    expect(await findTransferByKey(ledger.database.db, input)).toEqual({
      ...transfer,
      payer: input.payer,
      key: input.key,
      inputHash: input.inputHash,
      kind: 'RECEIPT',
      origin: null,
      details: { note: 'hello' },
    });
  });
});

describe('what a book does not take', () => {
  test('an unknown book, another currency and too much are each told', async () => {
    const book = await ledger.newBook(500n);
    const committer = ledger.committer();
    const outcomes = await Promise.all([
      committer.post(gift('nowhere')),
      committer.post(gift(book, { currency: 'USD' })),
      committer.post(gift(book, { amount: 501n })),
      committer.post(gift(book, { amount: 500n })),
    ]);
    expect(outcomes.map((each) => each.outcome)).toEqual([
      'BOOK_UNKNOWN',
      'CURRENCY_MISMATCH',
      'AMOUNT_OUT_OF_RANGE',
      'POSTED',
    ]);
    expect(outcomes[0]?.totals).toBeNull();
  });
});
