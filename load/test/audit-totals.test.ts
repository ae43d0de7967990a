import { describe, expect, test } from 'vitest';
import { booksOf, faults, honest, rightBooks } from './support/judged-run.ts';
import { counted, read, totalsAt } from './support/seen.ts';

describe('the auditor names', () => {
  test('a reading that is older than what the reader knew', () => {
    const stale = read(2n, totalsAt(1n, 10n, 1n));
    expect(faults([...honest, stale], rightBooks)).toEqual(['STALE cmp_1']);
  });

  test('a reader whose history goes back, whoever it was that knew more', () => {
    const history = [
      counted('b', 5n, totalsAt(2n, 15n, 2n), { reader: 'r1' }),
      read(0n, totalsAt(1n, 10n, 1n), 'r1'),
    ];
    const another = read(0n, totalsAt(1n, 10n, 1n), 'r2');
    expect(faults([...honest, ...history, another], rightBooks)).toEqual(['STALE cmp_1']);
  });

  test('one version shown with two sums', () => {
    const other = read(0n, totalsAt(2n, 14n, 2n));
    expect(faults([...honest, other], rightBooks)).toEqual(['CONTRADICTORY cmp_1']);
  });

  test('a totals row that is not the sum of the postings', () => {
    const books = booksOf(rightBooks.gifts, totalsAt(2n, 15n, 2n), { raised: 14n, count: 2n });
    expect(faults(honest, books)).toEqual(['TOTALS_WRONG cmp_1']);
  });

  test('a totals row behind what the load was shown', () => {
    expect(faults(honest, booksOf(rightBooks.gifts, totalsAt(1n, 15n, 2n)))).toEqual(['LOST cmp_1']);
  });

  test('a graph that shows other totals than the row', () => {
    expect(faults(honest, rightBooks, { shown: totalsAt(1n, 10n, 1n) })).toEqual(['GRAPH_WRONG cmp_1']);
  });
});
