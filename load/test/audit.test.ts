import { describe, expect, test } from 'vitest';
import type { BookedGift, Books } from '../src/audit/books.ts';
import { compare } from '../src/audit/compare.ts';
import { createTestimony, testify } from '../src/audit/witness.ts';
import type { Observation, SeenTotals } from '../src/observations.ts';

const campaignId = 'cmp_1';
const after = (version: bigint, raised: bigint, count: bigint): SeenTotals => ({ version, raised, count });

const honest: readonly Observation[] = [
  { kind: 'sent', key: 'a', campaignId, amount: 10n },
  {
    kind: 'counted',
    key: 'a',
    campaignId,
    amount: 10n,
    donationId: 'don_a',
    totals: after(1n, 10n, 1n),
    attempts: 1,
  },
  { kind: 'read', campaignId, atLeastVersion: 1n, totals: after(1n, 10n, 1n) },
  { kind: 'sent', key: 'b', campaignId, amount: 5n },
  {
    kind: 'counted',
    key: 'b',
    campaignId,
    amount: 5n,
    donationId: 'don_b',
    totals: after(2n, 15n, 2n),
    attempts: 2,
  },
  {
    kind: 'counted',
    key: 'b',
    campaignId,
    amount: 5n,
    donationId: 'don_b',
    totals: after(2n, 15n, 2n),
    attempts: 1,
  },
  { kind: 'sent', key: 'c', campaignId, amount: 7n },
  { kind: 'unknown', key: 'c', campaignId, amount: 7n },
];

function booked(key: string, amount: bigint, change: Partial<BookedGift> = {}): BookedGift {
  return {
    key,
    campaignId,
    donationId: `don_${key}`,
    amount,
    version: 1n,
    legs: 2,
    balance: 0n,
    credited: amount,
    ...change,
  };
}

function booksOf(
  gifts: readonly BookedGift[],
  row = after(2n, 15n, 2n),
  recomputed = { raised: row.raised, count: row.count },
): Books {
  return { gifts, totals: new Map([[campaignId, { campaignId, row, recomputed }]]) };
}

function judge(observations: readonly Observation[], books: Books, shown = after(2n, 15n, 2n)) {
  const testimony = createTestimony();
  const versions = new Map<string, SeenTotals>();
  for (const observation of observations) testify(testimony, versions, observation);
  return compare(testimony, books, new Map([[campaignId, shown]]));
}

const rightBooks = booksOf([booked('a', 10n), booked('b', 5n)]);
const faults = (observations: readonly Observation[], books: Books, shown?: SeenTotals) =>
  judge(observations, books, shown).findings.map(({ fault, subject }) => `${fault} ${subject}`);

test('a run without a difference is proven, and what was never heard of again is told', () => {
  expect(judge(honest, rightBooks)).toMatchObject({
    findings: [],
    acknowledged: 2,
    booked: 2,
    amount: 15n,
    unknown: { counted: 0, absent: 1 },
  });
});

describe('the auditor names', () => {
  test('a gift that was acknowledged and is not in the ledger', () => {
    const books = booksOf([booked('a', 10n)], after(1n, 10n, 1n));
    expect(faults(honest, books, after(1n, 10n, 1n))).toEqual(['LOST b', 'LOST cmp_1']);
  });

  test('a key that was counted twice', () => {
    const row = after(3n, 20n, 3n);
    const books = booksOf(
      [booked('a', 10n), booked('b', 5n), booked('b', 5n, { donationId: 'don_b2' })],
      row,
    );
    expect(faults(honest, books, row)).toEqual(['DOUBLED b']);
  });

  test('a key that was acknowledged under two ids', () => {
    const again: Observation = {
      kind: 'counted',
      key: 'a',
      campaignId,
      amount: 10n,
      donationId: 'don_x',
      totals: after(2n, 15n, 2n),
      attempts: 1,
    };
    expect(faults([...honest, again], rightBooks)).toEqual(['DOUBLED a']);
  });

  test('a reading that is older than what the reader knew', () => {
    const stale: Observation = { kind: 'read', campaignId, atLeastVersion: 2n, totals: after(1n, 10n, 1n) };
    expect(faults([...honest, stale], rightBooks)).toEqual(['STALE cmp_1']);
  });

  test('one version shown with two sums', () => {
    const other: Observation = { kind: 'read', campaignId, atLeastVersion: 0n, totals: after(2n, 14n, 2n) };
    expect(faults([...honest, other], rightBooks)).toEqual(['CONTRADICTORY cmp_1']);
  });

  test('an entry whose postings do not balance', () => {
    const books = booksOf([booked('a', 10n, { balance: 1n }), booked('b', 5n, { legs: 1, balance: 5n })]);
    expect(faults(honest, books)).toEqual(['UNBALANCED a', 'UNBALANCED b']);
  });

  test('an amount that was booked otherwise than given', () => {
    const books = booksOf([booked('a', 11n), booked('b', 5n)], after(2n, 16n, 2n));
    expect(faults(honest, books, after(2n, 16n, 2n))).toEqual(['ALTERED a']);
  });

  test('a gift that was refused and booked all the same', () => {
    const refused: Observation[] = [
      { kind: 'sent', key: 'd', campaignId, amount: 1n },
      { kind: 'refused', key: 'd', campaignId, code: 'NOT_LIVE' },
    ];
    const row = after(3n, 16n, 3n);
    const books = booksOf([booked('a', 10n), booked('b', 5n), booked('d', 1n)], row);
    expect(faults([...honest, ...refused], books, row)).toEqual(['ALTERED d']);
  });

  test('a totals row that is not the sum of the postings', () => {
    const books = booksOf(rightBooks.gifts, after(2n, 15n, 2n), { raised: 14n, count: 2n });
    expect(faults(honest, books)).toEqual(['TOTALS_WRONG cmp_1']);
  });

  test('a graph that shows other totals than the row', () => {
    expect(faults(honest, rightBooks, after(1n, 10n, 1n))).toEqual(['GRAPH_WRONG cmp_1']);
  });

  test('a totals row behind what the load was shown', () => {
    const row = after(1n, 15n, 2n);
    expect(faults(honest, booksOf(rightBooks.gifts, row), row)).toEqual(['LOST cmp_1']);
  });
});
