import type { GraphDonation } from '../../src/audit/answers.ts';
import type { BookedGift, Books } from '../../src/audit/books.ts';
import { compare, type Verdict } from '../../src/audit/compare.ts';
import type { ProviderPayment } from '../../src/audit/provider.ts';
import { createWitness } from '../../src/audit/witness.ts';
import type { Observation, SeenTotals } from '../../src/observations.ts';
import { at, campaignId, counted, read, sent, totalsAt } from './seen.ts';

/** Two gifts are acknowledged, the second twice; of a third nothing is heard. */
export const honest: readonly Observation[] = [
  sent('a', 10n),
  counted('a', 10n, totalsAt(1n, 10n, 1n)),
  read(1n, totalsAt(1n, 10n, 1n)),
  sent('b', 5n),
  counted('b', 5n, totalsAt(2n, 15n, 2n)),
  counted('b', 5n, totalsAt(2n, 15n, 2n)),
  sent('c', 7n),
  { kind: 'unknown', at, key: 'c', campaignId, amount: 7n },
];

/** A gift as the ledger holds it when it is whole. */
export function booked(key: string, amount: bigint, change: Partial<BookedGift> = {}): BookedGift {
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

/** Books with these gifts, each with its intent. */
export function booksOf(
  gifts: readonly BookedGift[],
  row = totalsAt(2n, 15n, 2n),
  recomputed = { raised: row.raised, count: row.count },
): Books {
  const totals = new Map([[campaignId, { campaignId, row, recomputed }]]);
  const intents = gifts.map(({ key, donationId }) => ({ key, campaignId, donationId }));
  return { gifts, totals, intents, unbegun: [], facts: [], closings: new Map(), knownKeys: new Set() };
}

/** Those that fit what the honest load saw. */
export const rightBooks = booksOf([booked('a', 10n), booked('b', 5n)]);

/** The books, and in them more that was begun under a key. */
export function withIntents(books: Books, key: string, ...donationIds: string[]): Books {
  const more = donationIds.map((donationId) => ({ key, campaignId, donationId }));
  return { ...books, intents: [...books.intents, ...more] };
}

/** What else the auditor is told. */
export interface Told {
  /** The totals that the graph shows; by default those of the books. */
  shown?: SeenTotals;
  answers?: ReadonlyMap<string, GraphDonation | null>;
  payments?: readonly ProviderPayment[];
  toBeEnded?: readonly string[];
  suspenseReasons?: readonly string[];
}

/** What the auditor says of what was seen and of what the books hold. */
export function judge(
  observations: readonly Observation[],
  books: Books,
  {
    shown = books.totals.get(campaignId)?.row,
    answers = new Map(),
    payments,
    toBeEnded = [],
    suspenseReasons = [],
  }: Told = {},
): Verdict {
  const { testimony, testify } = createWitness();
  for (const observation of observations) testify(observation);
  return compare({
    testimony,
    books,
    graph: new Map(shown === undefined ? [] : [[campaignId, shown]]),
    versionsAfter: new Map(),
    answers,
    unasked: 0,
    toBeEnded,
    suspenseReasons,
    provider: payments === undefined ? null : { before: payments, after: payments },
  });
}

/** The faults that it names, each with its subject. */
export function faults(...judged: Parameters<typeof judge>): string[] {
  return judge(...judged).findings.map(({ fault, subject }) => `${fault} ${subject}`);
}
