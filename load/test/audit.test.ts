import { describe, expect, test } from 'vitest';
import type { GraphDonation } from '../src/audit/answers.ts';
import type { BookedClosing, BookedGift, Books } from '../src/audit/books.ts';
import { compare } from '../src/audit/compare.ts';
import type { ProviderPayment } from '../src/audit/provider.ts';
import { createWitness } from '../src/audit/witness.ts';
import type { Observation, SeenTotals } from '../src/observations.ts';

const campaignId = 'cmp_1';
const after = (version: bigint, raised: bigint, count: bigint): SeenTotals => ({ version, raised, count });

const at = 0;
const sent = (key: string, amount: bigint): Observation => ({
  kind: 'sent',
  at,
  key,
  campaignId,
  amount,
  donor: null,
});
const counted = (
  key: string,
  amount: bigint,
  totals: SeenTotals,
  { donationId = `don_${key}`, reader = null }: { donationId?: string; reader?: string | null } = {},
): Observation => ({
  kind: 'counted',
  at,
  key,
  campaignId,
  amount,
  donationId,
  totals,
  ms: 1,
  sinceMs: 1,
  reader,
});
const read = (atLeastVersion: bigint, totals: SeenTotals, reader: string | null = null): Observation => ({
  kind: 'read',
  at,
  campaignId,
  atLeastVersion,
  totals,
  ms: 1,
  reader,
});

const honest: readonly Observation[] = [
  sent('a', 10n),
  counted('a', 10n, after(1n, 10n, 1n)),
  read(1n, after(1n, 10n, 1n)),
  sent('b', 5n),
  counted('b', 5n, after(2n, 15n, 2n)),
  counted('b', 5n, after(2n, 15n, 2n)),
  sent('c', 7n),
  { kind: 'unknown', at, key: 'c', campaignId, amount: 7n },
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
  const totals = new Map([[campaignId, { campaignId, row, recomputed }]]);
  const intents = gifts.map(({ key, donationId }) => ({ key, campaignId, donationId }));
  return { gifts, totals, intents, unbegun: [], facts: [], closings: new Map(), knownKeys: new Set() };
}

interface Others {
  answers?: ReadonlyMap<string, GraphDonation | null>;
  payments?: readonly ProviderPayment[];
  toBeEnded?: readonly string[];
  suspenseReasons?: readonly string[];
}

function judge(
  observations: readonly Observation[],
  books: Books,
  shown = after(2n, 15n, 2n),
  { answers = new Map(), payments, toBeEnded = [], suspenseReasons = [] }: Others = {},
) {
  const { testimony, testify } = createWitness();
  for (const observation of observations) testify(observation);
  return compare({
    testimony,
    books,
    graph: new Map([[campaignId, shown]]),
    versionsAfter: new Map(),
    answers,
    unasked: 0,
    toBeEnded,
    suspenseReasons,
    provider: payments === undefined ? null : { before: payments, after: payments },
  });
}

const rightBooks = booksOf([booked('a', 10n), booked('b', 5n)]);
const faults = (observations: readonly Observation[], books: Books, shown?: SeenTotals, others?: Others) =>
  judge(observations, books, shown, others).findings.map(({ fault, subject }) => `${fault} ${subject}`);

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
    const again = counted('a', 10n, after(2n, 15n, 2n), { donationId: 'don_x' });
    expect(faults([...honest, again], rightBooks)).toEqual(['DOUBLED a']);
  });

  test('a reading that is older than what the reader knew', () => {
    const stale = read(2n, after(1n, 10n, 1n));
    expect(faults([...honest, stale], rightBooks)).toEqual(['STALE cmp_1']);
  });

  test('one version shown with two sums', () => {
    const other = read(0n, after(2n, 14n, 2n));
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
      sent('d', 1n),
      { kind: 'refused', at, key: 'd', campaignId, code: 'NOT_LIVE' },
    ];
    const row = after(3n, 16n, 3n);
    const books = booksOf([booked('a', 10n), booked('b', 5n), booked('d', 1n)], row);
    expect(faults([...honest, ...refused], books, row)).toEqual(['ALTERED d']);
  });

  test('a gift that was refused for good, counted all the same, and then acknowledged when it was sent again', () => {
    const seenOf = (code: string): Observation[] => [
      ...honest,
      sent('d', 1n),
      { kind: 'refused', at, key: 'd', campaignId, code },
      counted('d', 1n, after(3n, 16n, 3n)),
    ];
    const row = after(3n, 16n, 3n);
    const books = booksOf([...rightBooks.gifts, booked('d', 1n)], row);
    for (const code of ['FAILED', 'NOT_LIVE'])
      expect(faults(seenOf(code), books, row)).toEqual(['ALTERED d']);
    // These say that it may be counted yet.
    for (const code of ['SUSPENSE', 'RATE_LIMITED']) expect(faults(seenOf(code), books, row)).toEqual([]);
  });

  test('no gift that was told to come again, and was counted when it came', () => {
    const overloaded: Observation = { kind: 'failed', at, key: 'd', status: 200, code: 'OVERLOADED' };
    const row = after(3n, 16n, 3n);
    const seen = [...honest, sent('d', 1n), overloaded, counted('d', 1n, row)];
    expect(faults(seen, booksOf([...rightBooks.gifts, booked('d', 1n)], row), row)).toEqual([]);
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

  test('a reader whose history goes back, whoever it was that knew more', () => {
    const history = [
      counted('b', 5n, after(2n, 15n, 2n), { reader: 'r1' }),
      read(0n, after(1n, 10n, 1n), 'r1'),
    ];
    const another = read(0n, after(1n, 10n, 1n), 'r2');
    expect(faults([...honest, ...history, another], rightBooks)).toEqual(['STALE cmp_1']);
  });

  test('an entry of the run that nobody sent', () => {
    const row = after(3n, 16n, 3n);
    const books = booksOf([...rightBooks.gifts, booked('x', 1n)], row);
    expect(faults(honest, books, row)).toEqual(['UNSENT x']);
  });

  test('a gift that the graph tells its donor otherwise than the ledger has it', () => {
    const answers = new Map([
      ['a', { id: 'don_a', state: 'COUNTED', amount: 10n }],
      ['b', { id: 'don_b', state: 'INTENT', amount: 5n }],
      ['c', { id: 'don_c', state: 'COUNTED', amount: 7n }],
    ]);
    expect(faults(honest, rightBooks, undefined, { answers })).toEqual(['GRAPH_WRONG b', 'GRAPH_WRONG c']);
  });
});

describe('of orders, which are paid later, the auditor', () => {
  const ordered = (key: string, donationId: string): Observation[] => [
    sent(key, 7n),
    { kind: 'ordered', at, key, donationId, ms: 1 },
  ];
  const withIntents = (...donationIds: string[]): Books => ({
    ...rightBooks,
    intents: [
      ...rightBooks.intents,
      ...donationIds.map((donationId) => ({ key: 'd', campaignId, donationId })),
    ],
  });

  test('finds nothing where each has its intent, paid or not, however often it was asked for', () => {
    const seen = [...honest, ...ordered('d', 'don_d'), ...ordered('d', 'don_d')];
    expect(faults(seen, withIntents('don_d'))).toEqual([]);
  });

  test('names one that a donor was given and that no intent stands behind', () => {
    const seen = [...honest, ...ordered('d', 'don_d')];
    expect(faults(seen, rightBooks)).toEqual(['LOST d']);
    expect(faults(seen, withIntents('don_other'))).toContain('LOST d');
  });

  test('names a key under which several were opened, though it never was counted', () => {
    const seen = [...honest, ...ordered('d', 'don_d'), ...ordered('d', 'don_d2')];
    expect(faults(seen, withIntents('don_d', 'don_d2'))).toEqual(['DOUBLED d']);
    expect(faults(seen, withIntents('don_d'))).toEqual(['LOST d', 'DOUBLED d']);
  });

  test('names a key with two intents, though its donor heard of one alone', () => {
    expect(faults([...honest, ...ordered('d', 'don_d')], withIntents('don_d', 'don_d2'))).toEqual([
      'DOUBLED d',
    ]);
  });

  test('names an order that the graph tells its donor under another id', () => {
    const answers = new Map([['d', { id: 'don_x', state: 'AWAITING_CONFIRMATION', amount: 7n }]]);
    const seen = [...honest, ...ordered('d', 'don_d')];
    expect(faults(seen, withIntents('don_d'), undefined, { answers })).toEqual(['GRAPH_WRONG d']);
  });
});

describe('of a gift that was turned away for want of budget, the auditor', () => {
  const turnedAway: Observation = { kind: 'turnedAway', at, key: 'd', campaignId };
  const seen = [...honest, sent('d', 7n), turnedAway];
  const begun: Books = {
    ...rightBooks,
    intents: [...rightBooks.intents, { key: 'd', campaignId, donationId: 'don_d' }],
  };

  test('finds nothing where it left no trace', () => {
    expect(judge(seen, rightBooks)).toMatchObject({
      findings: [],
      turnedAway: 1,
      unknown: { counted: 0, absent: 1 },
    });
  });

  test('names it where it was begun or counted all the same', () => {
    expect(faults(seen, begun)).toEqual(['ALTERED d']);
    const row = after(3n, 22n, 3n);
    const books = booksOf([...rightBooks.gifts, booked('d', 7n)], row);
    expect(faults(seen, books, row)).toEqual(['ALTERED d']);
  });

  test('finds nothing where another request of it may have come through, or has', () => {
    const failed: Observation = { kind: 'failed', at, key: 'd', status: 0, code: 'NO_ANSWER' };
    const thrownAway: Observation = { kind: 'discarded', at, key: 'd' };
    for (const other of [failed, thrownAway]) expect(faults([...seen, other], begun)).toEqual([]);
    const row = after(3n, 22n, 3n);
    const books = booksOf([...rightBooks.gifts, booked('d', 7n)], row);
    expect(faults([...seen, counted('d', 7n, row)], books, row)).toEqual([]);
  });
});

test('a run in which nobody was acknowledged proves nothing', () => {
  const books = booksOf([], after(0n, 0n, 0n));
  const failed: Observation = { kind: 'failed', at, key: 'a', status: 401, code: 'UNAUTHENTICATED' };
  expect(faults([sent('a', 10n), failed], books, after(0n, 0n, 0n))).toEqual(['NOTHING_GIVEN the run']);
});

describe('of a campaign that was ended in mid-load, the auditor', () => {
  const closedAt = 100;
  const ended: readonly Observation[] = [
    ...honest,
    { kind: 'closed', at: closedAt, campaignId, version: 3n },
  ];
  const row = after(3n, 15n, 2n);
  const closing = { status: 'CLOSED' as const, closedAtVersion: 3n, countedAfter: [] };
  const closedBooks = (change: Partial<BookedClosing> = {}): Books => ({
    ...booksOf(rightBooks.gifts, row),
    closings: new Map([[campaignId, { ...closing, ...change }]]),
  });
  const late = (key: string, ...rest: Observation[]): Observation[] => [
    { ...sent(key, 1n), at: closedAt + 1 },
    ...rest,
  ];
  const refusal = (key: string, code: string): Observation => ({
    kind: 'refused',
    at,
    key,
    campaignId,
    code,
  });

  test('finds nothing where early gifts stay, are answered again, and late ones are refused', () => {
    const replay = counted('a', 10n, row);
    const seen = [...ended, replay, ...late('d', refusal('d', 'NOT_LIVE')), ...late('e')];
    expect(judge(seen, closedBooks(), row)).toMatchObject({ findings: [], closed: 1 });
  });

  test('names a gift of anybody that was counted later', () => {
    const countedAfter = [{ key: 'x', amount: 1n, version: 4n }];
    expect(faults(ended, closedBooks({ countedAfter }), row)).toEqual(['AFTER_CLOSE x']);
  });

  test('names a campaign whose book still takes gifts, or never closed', () => {
    const open = closedBooks({ status: 'OPEN' });
    const never = closedBooks({ closedAtVersion: null });
    for (const books of [open, never, booksOf(rightBooks.gifts, row)])
      expect(faults(ended, books, row)).toEqual(['AFTER_CLOSE cmp_1']);
  });

  test('names a gift that was sent after the end, and taken on or refused with another word', () => {
    const ordered: Observation = { kind: 'ordered', at, key: 'd', donationId: 'don_d', ms: 1 };
    const intents = [...rightBooks.intents, { key: 'd', campaignId, donationId: 'don_d' }];
    const books = { ...closedBooks(), intents };
    expect(faults([...ended, ...late('d', ordered)], books, row)).toEqual(['AFTER_CLOSE d']);
    expect(faults([...ended, ...late('d', refusal('d', 'NOT_FOUND'))], closedBooks(), row)).toEqual([
      'AFTER_CLOSE d',
    ]);
  });

  test('names a campaign that was to be ended and was not', () => {
    expect(faults(honest, rightBooks, undefined, { toBeEnded: [campaignId] })).toEqual(['NOT_ENDED cmp_1']);
    expect(faults(ended, closedBooks(), row, { toBeEnded: [campaignId] })).toEqual([]);
  });

  test('names an early gift that is refused when it is sent again', () => {
    expect(faults([...ended, refusal('a', 'NOT_LIVE')], closedBooks(), row)).toEqual(['ALTERED a']);
  });
});

describe('against the provider’s book', () => {
  const paid = (key: string, amount: bigint, paymentId = `pay_${key}`): ProviderPayment => ({
    paymentId,
    merchantKey: `don_${key}`,
    amount,
  });
  const fact = (key: string, amount: bigint, change: Partial<Books['facts'][number]> = {}) => ({
    paymentId: `pay_${key}`,
    kind: 'PAID' as const,
    donationId: `don_${key}`,
    amount,
    reason: null,
    ...change,
  });
  const payments = [paid('a', 10n), paid('b', 5n)];
  const facts = [fact('a', 10n), fact('b', 5n)];
  const books = { ...rightBooks, facts };

  test('one payment for each counted gift is proven', () => {
    const verdict = judge(honest, books, undefined, { payments });
    expect(verdict).toMatchObject({ findings: [], money: { payments: 2, counted: 2 } });
  });

  test('money that was taken and is nowhere is named', () => {
    const taken = [...payments, paid('c', 7n)];
    const begun = { ...books, intents: [...books.intents, { key: 'c', campaignId, donationId: 'don_c' }] };
    expect(faults(honest, begun, undefined, { payments: taken })).toEqual(['UNCOUNTED c']);
  });

  test('money in suspense with a reason that the load gives cause for is told and no fault; any other is', () => {
    const taken = [...payments, paid('c', 7n)];
    const intents = [...books.intents, { key: 'c', campaignId, donationId: 'don_c' }];
    const kept = (reason: string | null) => {
      const suspended = fact('c', 7n, { kind: 'SUSPENDED', reason });
      return judge(honest, { ...books, intents, facts: [...facts, suspended] }, undefined, {
        payments: taken,
        suspenseReasons: ['BOOK_CLOSED'],
      });
    };
    expect(kept('BOOK_CLOSED')).toMatchObject({ findings: [], money: { counted: 2 } });
    expect(kept('BOOK_CLOSED').money?.suspense).toEqual(new Map([['BOOK_CLOSED', 1]]));
    for (const reason of [null, 'AMOUNT_MISMATCH', 'NOT_BOOKABLE'])
      expect(kept(reason).findings.map(({ fault: kind }) => kind)).toEqual(['UNCOUNTED']);
  });

  test('a counted gift that nobody paid, or paid otherwise, is named', () => {
    const one = { ...books, facts: [fact('a', 10n)] };
    expect(faults(honest, one, undefined, { payments: [paid('a', 10n)] })).toEqual(['UNPAID b']);
    expect(faults(honest, books, undefined, { payments: [paid('a', 10n), paid('b', 4n)] })).toEqual([
      'UNCOUNTED b',
      'UNPAID b',
    ]);
  });

  test('a gift that was paid twice is named', () => {
    const twice = [...payments, paid('b', 5n, 'pay_b2')];
    expect(faults(honest, books, undefined, { payments: twice })).toEqual(['UNCOUNTED b', 'PAID_TWICE b']);
  });

  test('a wish that was paid twice is named, though every payment is counted or in suspense', () => {
    const twice = [...payments, paid('b', 5n, 'pay_b2')];
    const kept = fact('b', 5n, { paymentId: 'pay_b2', kind: 'SUSPENDED', reason: 'PAID_TWICE' });
    const others = { payments: twice, suspenseReasons: ['PAID_TWICE'] };
    expect(faults(honest, { ...books, facts: [...facts, kept] }, undefined, others)).toEqual([
      'PAID_TWICE b',
    ]);
  });

  test('a wish is paid twice also when each payment is for a donation of its own', () => {
    const second = { key: 'b', campaignId, donationId: 'don_b2' };
    const begun = { ...books, intents: [...books.intents, second] };
    const kept = fact('b2', 5n, { kind: 'SUSPENDED', reason: 'AMOUNT_MISMATCH' });
    const others = { payments: [...payments, paid('b2', 5n)], suspenseReasons: ['AMOUNT_MISMATCH'] };
    expect(faults(honest, { ...begun, facts: [...facts, kept] }, undefined, others)).toEqual([
      'DOUBLED b',
      'PAID_TWICE b',
    ]);
  });

  test('money for no gift at all is named; that of other gifts is not ours to judge', () => {
    const stray = [...payments, paid('x', 1n), paid('other', 1n)];
    const others = { ...books, knownKeys: new Set(['don_other']) };
    expect(faults(honest, others, undefined, { payments: stray })).toEqual(['UNCOUNTED don_x']);
  });
});
