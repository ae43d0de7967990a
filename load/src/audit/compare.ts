import type { SeenTotals } from '../observations.ts';
import type { GraphDonation } from './answers.ts';
import type { BookedClosing, Books } from './books.ts';
import type { Finding } from './finding.ts';
import { judgeClosing, judgeEndings, judgeLateGift } from './judge-closings.ts';
import { judgeStreams } from './judge-followers.ts';
import { judgeAnswer, judgeEntry, judgeGift, judgeUnbegun } from './judge-gifts.ts';
import { judgePayments, type MoneyTaken, type ProviderBook, type SuspenseReasons } from './judge-payments.ts';
import { judgeReadings, judgeTotals } from './judge-totals.ts';
import { wasOnlyTurnedAway, type Testimony } from './testimony.ts';

/** All that is held against each other. */
export interface Evidence {
  testimony: Testimony;
  books: Books;
  /** Totals as the graph showed them after the books were read, by campaign. */
  graph: ReadonlyMap<string, SeenTotals>;
  /** Versions of the totals rows after that. */
  versionsAfter: ReadonlyMap<string, bigint>;
  /** What the graph told donors about their gifts, by key. */
  answers: ReadonlyMap<string, GraphDonation | null>;
  /** Gifts about which the graph should have been asked too, had there not been so many. */
  unasked: number;
  /** Campaigns that the run was to end. */
  toBeEnded: readonly string[];
  /** For which money may stand in suspense. */
  suspenseReasons: SuspenseReasons;
  /** Null where the provider's book cannot be read. */
  provider: ProviderBook | null;
}

export interface Verdict {
  findings: readonly Finding[];
  /** Distinct gifts that were sent. */
  sent: number;
  /** Distinct gifts that were acknowledged. */
  acknowledged: number;
  /** Of those the load never heard of again: how many turned out counted, and how many not. */
  unknown: { counted: number; absent: number };
  refused: number;
  /** Gifts that were turned away for want of budget, and nothing else. */
  turnedAway: number;
  /** Sum of the amounts of the run's gifts in the books, in minor units. */
  amount: bigint;
  booked: number;
  /** Gifts that the graph was asked about by their key. */
  asked: number;
  unasked: number;
  /** Campaigns that were ended in the run. */
  closed: number;
  /** Null where the provider's book could not be read. */
  money: MoneyTaken | null;
}

const neverClosed: BookedClosing = { status: null, closedAtVersion: null, countedAfter: [] };

/** A run in which nobody was acknowledged proves nothing. */
function* judgeLoad({ acknowledgements }: Testimony): Generator<Finding> {
  if (acknowledgements > 0) return;
  yield { fault: 'NOTHING_GIVEN', subject: 'the run', detail: 'no gift of it was acknowledged' };
}

/**
 * Holds what the load saw against ledger, graph and provider. Nothing found is the proof: every acknowledged gift is one
 * balanced entry of that amount, none is there twice, the totals are the sum of the postings, the graph shows the
 * totals, nobody was shown less than before, no gift is counted after its campaign had ended, what nobody knew is wholly there or
 * wholly absent, and the provider has taken exactly the money that is counted or stands in suspense.
 */
export function compare(evidence: Evidence): Verdict {
  const { testimony, books } = evidence;
  const bookedByKey = Map.groupBy(books.gifts, (gift) => gift.key);
  const intentsByKey = Map.groupBy(books.intents, (intent) => intent.key);
  const gifts = [...testimony.gifts.values()];
  const judged =
    evidence.provider === null ? null : judgePayments(books, evidence.provider, evidence.suspenseReasons);
  const findings = [
    ...judgeLoad(testimony),
    ...gifts.flatMap((gift) => {
      const { key } = gift;
      const held = { booked: bookedByKey.get(key) ?? [], intents: intentsByKey.get(key) ?? [] };
      return [...judgeGift(gift, held)];
    }),
    ...books.gifts.flatMap((entry) => [...judgeEntry(entry, testimony.gifts)]),
    ...books.unbegun.map(judgeUnbegun),
    ...[...evidence.answers].flatMap(([key, answer]) => {
      const gift = testimony.gifts.get(key);
      const known = { entry: bookedByKey.get(key)?.[0], intent: intentsByKey.get(key)?.[0] };
      return gift === undefined ? [] : [...judgeAnswer(gift, answer, known)];
    }),
    ...[...books.totals.values()].flatMap((totals) => {
      const { campaignId } = totals;
      const shown = {
        graph: evidence.graph.get(campaignId),
        versionAfter: evidence.versionsAfter.get(campaignId),
        newest: testimony.newest.get(campaignId),
      };
      return [...judgeTotals(totals, shown)];
    }),
    ...judgeReadings(testimony),
    ...judgeStreams(testimony.streams),
    ...[...testimony.closings.values()].flatMap((closing) => [
      ...judgeClosing(closing, books.closings.get(closing.campaignId) ?? neverClosed),
    ]),
    ...judgeEndings(evidence.toBeEnded, testimony.closings),
    ...gifts.flatMap((gift) => [...judgeLateGift(gift, testimony.closings.get(gift.campaignId))]),
    ...(judged?.findings ?? []),
  ];
  const unheard = gifts.filter(
    (gift) => gift.donationIds.size === 0 && gift.refusedWith === null && !wasOnlyTurnedAway(gift),
  );
  return {
    findings,
    sent: gifts.length,
    acknowledged: gifts.filter((gift) => gift.donationIds.size > 0).length,
    unknown: {
      counted: unheard.filter((gift) => bookedByKey.has(gift.key)).length,
      absent: unheard.filter((gift) => !bookedByKey.has(gift.key)).length,
    },
    turnedAway: gifts.filter(wasOnlyTurnedAway).length,
    refused: gifts.filter((gift) => gift.refusedWith !== null).length,
    amount: books.gifts.reduce((sum, gift) => sum + gift.amount, 0n),
    booked: books.gifts.length,
    asked: evidence.answers.size,
    unasked: evidence.unasked,
    closed: testimony.closings.size,
    money: judged?.money ?? null,
  };
}
