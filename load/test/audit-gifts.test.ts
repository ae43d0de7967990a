import { describe, expect, test } from 'vitest';
import type { Observation } from '../src/observations.ts';
import { booked, booksOf, faults, honest, judge, rightBooks, withIntents } from './support/judged-run.ts';
import { at, campaignId, counted, refused, sent, totalsAt } from './support/seen.ts';

test('a run without a difference is proven, and what was never heard of again is told', () => {
  expect(judge(honest, rightBooks)).toMatchObject({
    findings: [],
    acknowledged: 2,
    booked: 2,
    amount: 15n,
    unknown: { counted: 0, absent: 1 },
  });
});

test('a run in which nobody was acknowledged proves nothing', () => {
  const failed: Observation = { kind: 'failed', at, key: 'a', status: 401, code: 'UNAUTHENTICATED' };
  expect(faults([sent('a', 10n), failed], booksOf([], totalsAt(0n, 0n, 0n)))).toEqual([
    'NOTHING_GIVEN the run',
  ]);
});

describe('the auditor names', () => {
  test('a gift that was acknowledged and is not in the ledger', () => {
    const books = booksOf([booked('a', 10n)], totalsAt(1n, 10n, 1n));
    expect(faults(honest, books)).toEqual(['LOST b', 'LOST cmp_1']);
  });

  test('a key that was counted twice', () => {
    const gifts = [...rightBooks.gifts, booked('b', 5n, { donationId: 'don_b2' })];
    expect(faults(honest, booksOf(gifts, totalsAt(3n, 20n, 3n)))).toEqual(['DOUBLED b']);
  });

  test('a key that was acknowledged under two ids', () => {
    const again = counted('a', 10n, totalsAt(2n, 15n, 2n), { donationId: 'don_x' });
    expect(faults([...honest, again], rightBooks)).toEqual(['DOUBLED a']);
  });

  test('an entry whose postings do not balance', () => {
    const books = booksOf([booked('a', 10n, { balance: 1n }), booked('b', 5n, { legs: 1, balance: 5n })]);
    expect(faults(honest, books)).toEqual(['UNBALANCED a', 'UNBALANCED b']);
  });

  test('an amount that was booked otherwise than given', () => {
    const books = booksOf([booked('a', 11n), booked('b', 5n)], totalsAt(2n, 16n, 2n));
    expect(faults(honest, books)).toEqual(['ALTERED a']);
  });

  test('an entry of the run that nobody sent', () => {
    const books = booksOf([...rightBooks.gifts, booked('x', 1n)], totalsAt(3n, 16n, 3n));
    expect(faults(honest, books)).toEqual(['UNSENT x']);
  });

  test('a gift that the graph tells its donor otherwise than the ledger has it', () => {
    const answers = new Map([
      ['a', { id: 'don_a', state: 'COUNTED', amount: 10n }],
      ['b', { id: 'don_b', state: 'INTENT', amount: 5n }],
      ['c', { id: 'don_c', state: 'COUNTED', amount: 7n }],
    ]);
    expect(faults(honest, rightBooks, { answers })).toEqual(['GRAPH_WRONG b', 'GRAPH_WRONG c']);
  });

  const row = totalsAt(3n, 16n, 3n);
  const withFourth = booksOf([...rightBooks.gifts, booked('d', 1n)], row);

  test('a gift that was refused and booked all the same', () => {
    expect(faults([...honest, sent('d', 1n), refused('d', 'NOT_LIVE')], withFourth)).toEqual(['ALTERED d']);
  });

  test('a gift that was refused for good, counted all the same, and then acknowledged when it was sent again', () => {
    const seenOf = (code: string) => [...honest, sent('d', 1n), refused('d', code), counted('d', 1n, row)];
    for (const code of ['FAILED', 'NOT_LIVE'])
      expect(faults(seenOf(code), withFourth)).toEqual(['ALTERED d']);
    // These say that it may be counted yet.
    for (const code of ['SUSPENSE', 'RATE_LIMITED']) expect(faults(seenOf(code), withFourth)).toEqual([]);
  });

  test('no gift that was told to come again, and was counted when it came', () => {
    const overloaded: Observation = { kind: 'failed', at, key: 'd', status: 200, code: 'OVERLOADED' };
    expect(faults([...honest, sent('d', 1n), overloaded, counted('d', 1n, row)], withFourth)).toEqual([]);
  });
});

describe('of a gift that was turned away for want of budget, the auditor', () => {
  const turnedAway: Observation = { kind: 'turnedAway', at, key: 'd', campaignId };
  const seen = [...honest, sent('d', 7n), turnedAway];
  const begunBooks = withIntents(rightBooks, 'd', 'don_d');
  const row = totalsAt(3n, 22n, 3n);
  const countedBooks = booksOf([...rightBooks.gifts, booked('d', 7n)], row);

  test('finds nothing where it left no trace', () => {
    expect(judge(seen, rightBooks)).toMatchObject({
      findings: [],
      turnedAway: 1,
      unknown: { counted: 0, absent: 1 },
    });
  });

  test('names it where it was begun or counted all the same', () => {
    for (const books of [begunBooks, countedBooks]) expect(faults(seen, books)).toEqual(['ALTERED d']);
  });

  test('finds nothing where another request of it may have come through, or has', () => {
    const failed: Observation = { kind: 'failed', at, key: 'd', status: 0, code: 'NO_ANSWER' };
    const thrownAway: Observation = { kind: 'discarded', at, key: 'd' };
    for (const other of [failed, thrownAway]) expect(faults([...seen, other], begunBooks)).toEqual([]);
    expect(faults([...seen, counted('d', 7n, row)], countedBooks)).toEqual([]);
  });
});
