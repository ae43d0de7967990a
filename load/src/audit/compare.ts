import type { SeenTotals } from '../observations.ts';
import type { BookedGift, BookedTotals, Books } from './books.ts';
import type { Testimony, WitnessedGift } from './witness.ts';

/** What can be wrong. Any of it fails the run. */
export type Fault =
  'LOST' | 'DOUBLED' | 'STALE' | 'ALTERED' | 'UNBALANCED' | 'TOTALS_WRONG' | 'GRAPH_WRONG' | 'CONTRADICTORY';

export interface Finding {
  fault: Fault;
  /** The idempotency key concerned, or the campaign. */
  subject: string;
  detail: string;
}

export interface Verdict {
  findings: readonly Finding[];
  /** Distinct gifts that were acknowledged. */
  acknowledged: number;
  /** Of those the load never heard of again: how many turned out counted, and how many not. */
  unknown: { counted: number; absent: number };
  refused: number;
  /** Sum of the amounts of the run's gifts in the books, in minor units. */
  amount: bigint;
  booked: number;
}

function show({ version, raised, count }: SeenTotals): string {
  return `${raised} in ${count} gifts at version ${version}`;
}

/** One gift against what the ledger holds under its key. */
function* judgeGift(gift: WitnessedGift, booked: readonly BookedGift[]): Generator<Finding> {
  const [entry] = booked;
  if (gift.donationIds.size > 0 && entry === undefined) {
    yield {
      fault: 'LOST',
      subject: gift.key,
      detail: `${gift.amount} was acknowledged and is not in the ledger`,
    };
    return;
  }
  if (booked.length > 1 || gift.donationIds.size > 1) {
    const ids = [...new Set([...gift.donationIds, ...booked.map((each) => each.donationId)])];
    yield {
      fault: 'DOUBLED',
      subject: gift.key,
      detail: `one key, ${booked.length} entries: ${ids.join(', ')}`,
    };
  }
  if (entry === undefined) return;
  if (gift.refusedWith !== null && gift.donationIds.size === 0) {
    yield {
      fault: 'ALTERED',
      subject: gift.key,
      detail: `refused with ${gift.refusedWith}, and yet it is in the ledger`,
    };
  }
  const isSame = entry.amount === gift.amount && entry.campaignId === gift.campaignId;
  const isNamed = gift.donationIds.size === 0 || gift.donationIds.has(entry.donationId);
  if (!isSame || !isNamed) {
    yield {
      fault: 'ALTERED',
      subject: gift.key,
      detail: `given ${gift.amount} to ${gift.campaignId}, booked ${entry.amount} to ${entry.campaignId}`,
    };
  }
}

/** One entry by itself: two postings, which sum to nought and credit the amount. */
function* judgeEntry(entry: BookedGift): Generator<Finding> {
  if (entry.legs === 2 && entry.balance === 0n && entry.credited === entry.amount) return;
  yield {
    fault: 'UNBALANCED',
    subject: entry.key,
    detail: `${entry.amount}: ${entry.legs} postings, sum ${entry.balance}, credited ${entry.credited}`,
  };
}

/** A campaign's totals: the row, the postings, the graph, and the newest that the load was shown. */
function* judgeTotals(
  totals: BookedTotals,
  graph: SeenTotals | undefined,
  newest: SeenTotals | undefined,
): Generator<Finding> {
  const { campaignId: subject, row, recomputed } = totals;
  if (row.raised !== recomputed.raised || row.count !== recomputed.count) {
    yield {
      fault: 'TOTALS_WRONG',
      subject,
      detail: `the row says ${show(row)}, the postings ${recomputed.raised} in ${recomputed.count} gifts`,
    };
  }
  if (
    graph === undefined ||
    graph.version !== row.version ||
    graph.raised !== row.raised ||
    graph.count !== row.count
  ) {
    yield {
      fault: 'GRAPH_WRONG',
      subject,
      detail: `the row says ${show(row)}, the graph ${graph ? show(graph) : 'nothing'}`,
    };
  }
  if (newest !== undefined && newest.version > row.version) {
    yield { fault: 'LOST', subject, detail: `the load was shown ${show(newest)}, the row says ${show(row)}` };
  }
}

/**
 * Holds what the load saw against the ledger and the graph. Nothing found is the proof: every acknowledged gift is one
 * balanced entry of that amount, none is there twice, the totals are the sum of the postings, the graph shows the
 * totals, and nobody was shown less than before.
 */
export function compare(testimony: Testimony, books: Books, graph: ReadonlyMap<string, SeenTotals>): Verdict {
  const bookedByKey = Map.groupBy(books.gifts, (gift) => gift.key);
  const gifts = [...testimony.gifts.values()];
  const findings = [
    ...gifts.flatMap((gift) => [...judgeGift(gift, bookedByKey.get(gift.key) ?? [])]),
    ...books.gifts.flatMap((entry) => [...judgeEntry(entry)]),
    ...[...books.totals.values()].flatMap((totals) => [
      ...judgeTotals(totals, graph.get(totals.campaignId), testimony.newest.get(totals.campaignId)),
    ]),
    ...testimony.stale.map(({ campaignId, atLeastVersion, shown }): Finding => ({
      fault: 'STALE',
      subject: campaignId,
      detail: `shown ${show(shown)} after version ${atLeastVersion} was known`,
    })),
    ...testimony.contradictory.map(({ campaignId, one, other }): Finding => ({
      fault: 'CONTRADICTORY',
      subject: campaignId,
      detail: `shown ${show(one)}, and ${show(other)}`,
    })),
  ];
  const unheard = gifts.filter((gift) => gift.donationIds.size === 0 && gift.refusedWith === null);
  return {
    findings,
    acknowledged: gifts.filter((gift) => gift.donationIds.size > 0).length,
    unknown: {
      counted: unheard.filter((gift) => bookedByKey.has(gift.key)).length,
      absent: unheard.filter((gift) => !bookedByKey.has(gift.key)).length,
    },
    refused: gifts.filter((gift) => gift.refusedWith !== null).length,
    amount: books.gifts.reduce((sum, gift) => sum + gift.amount, 0n),
    booked: books.gifts.length,
  };
}
