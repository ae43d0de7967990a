import { describe, expect, test } from 'vitest';
import type { BookedClosing, Books } from '../src/audit/books.ts';
import type { Observation } from '../src/observations.ts';
import { booksOf, faults, honest, judge, rightBooks, withIntents } from './support/judged-run.ts';
import { campaignId, counted, ordered, refused, sent, totalsAt } from './support/seen.ts';

describe('of a campaign that was ended in mid-load, the auditor', () => {
  const closedAt = 100;
  const ended: readonly Observation[] = [
    ...honest,
    { kind: 'closed', at: closedAt, campaignId, version: 3n },
  ];
  const row = totalsAt(3n, 15n, 2n);
  const openBooks = booksOf(rightBooks.gifts, row);
  const closing = { status: 'CLOSED' as const, closedAtVersion: 3n, countedAfter: [] };
  const closedBooks = (change: Partial<BookedClosing> = {}): Books => ({
    ...openBooks,
    closings: new Map([[campaignId, { ...closing, ...change }]]),
  });
  const late = (key: string, ...rest: Observation[]): Observation[] => [
    { ...sent(key, 1n), at: closedAt + 1 },
    ...rest,
  ];

  test('finds nothing where early gifts stay, are answered again, and late ones are refused', () => {
    const replay = counted('a', 10n, row);
    const seen = [...ended, replay, ...late('d', refused('d', 'NOT_LIVE')), ...late('e')];
    expect(judge(seen, closedBooks())).toMatchObject({ findings: [], closed: 1 });
  });

  test('names a gift of anybody that was counted later', () => {
    const countedAfter = [{ key: 'x', amount: 1n, version: 4n }];
    expect(faults(ended, closedBooks({ countedAfter }))).toEqual(['AFTER_CLOSE x']);
  });

  test('names a campaign whose book still takes gifts, or never closed', () => {
    const open = closedBooks({ status: 'OPEN' });
    const never = closedBooks({ closedAtVersion: null });
    for (const books of [open, never, openBooks]) expect(faults(ended, books)).toEqual(['AFTER_CLOSE cmp_1']);
  });

  test('names a gift that was sent after the end, and taken on or refused with another word', () => {
    const takenOn = [...ended, ...late('d', ordered('d', 'don_d'))];
    expect(faults(takenOn, withIntents(closedBooks(), 'd', 'don_d'))).toEqual(['AFTER_CLOSE d']);
    const otherWord = [...ended, ...late('d', refused('d', 'NOT_FOUND'))];
    expect(faults(otherWord, closedBooks())).toEqual(['AFTER_CLOSE d']);
  });

  test('names a campaign that was to be ended and was not', () => {
    expect(faults(honest, rightBooks, { toBeEnded: [campaignId] })).toEqual(['NOT_ENDED cmp_1']);
    expect(faults(ended, closedBooks(), { toBeEnded: [campaignId] })).toEqual([]);
  });

  test('names an early gift that is refused when it is sent again', () => {
    expect(faults([...ended, refused('a', 'NOT_LIVE')], closedBooks())).toEqual(['ALTERED a']);
  });
});
