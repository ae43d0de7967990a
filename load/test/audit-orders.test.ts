import { describe, expect, test } from 'vitest';
import { faults, honest, rightBooks, withIntents } from './support/judged-run.ts';
import { ordered, sent } from './support/seen.ts';

describe('of orders, which are paid later, the auditor', () => {
  const seenOf = (...donationIds: string[]) => [
    ...honest,
    ...donationIds.flatMap((donationId) => [sent('d', 7n), ordered('d', donationId)]),
  ];
  const begun = (...donationIds: string[]) => withIntents(rightBooks, 'd', ...donationIds);

  test('finds nothing where each has its intent, paid or not, however often it was asked for', () => {
    expect(faults(seenOf('don_d', 'don_d'), begun('don_d'))).toEqual([]);
  });

  test('names one that a donor was given and that no intent stands behind', () => {
    expect(faults(seenOf('don_d'), rightBooks)).toEqual(['LOST d']);
    expect(faults(seenOf('don_d'), begun('don_other'))).toContain('LOST d');
  });

  test('names a key under which several were opened, though it never was counted', () => {
    const seen = seenOf('don_d', 'don_d2');
    expect(faults(seen, begun('don_d', 'don_d2'))).toEqual(['DOUBLED d']);
    expect(faults(seen, begun('don_d'))).toEqual(['LOST d', 'DOUBLED d']);
  });

  test('names a key with two intents, though its donor heard of one alone', () => {
    expect(faults(seenOf('don_d'), begun('don_d', 'don_d2'))).toEqual(['DOUBLED d']);
  });

  test('names an order that the graph tells its donor under another id', () => {
    const answers = new Map([['d', { id: 'don_x', state: 'AWAITING_CONFIRMATION', amount: 7n }]]);
    expect(faults(seenOf('don_d'), begun('don_d'), { answers })).toEqual(['GRAPH_WRONG d']);
  });
});
