import type { GraphDonation } from './answers.ts';
import type { BookedGift, BookedIntent, UnbegunGift } from './books.ts';
import type { Finding } from './finding.ts';
import { wasOnlyTurnedAway, type WitnessedGift } from './testimony.ts';

/**
 * Refusals that leave open what comes of a gift: of one in suspense another payment may fit, and who came too often may
 * come again. What is to be sent again for want of an outcome (OVERLOADED, 503) or of budget (429) is no refusal at all.
 */
const mayBeCountedYet: ReadonlySet<string> = new Set(['SUSPENSE', 'RATE_LIMITED']);

/** What the books hold under one key. */
export interface Held {
  readonly booked: readonly BookedGift[];
  readonly intents: readonly BookedIntent[];
}

/** One gift against what the books hold under its key. */
export function* judgeGift(gift: WitnessedGift, { booked, intents }: Held): Generator<Finding> {
  const { key, campaignId, amount, donationIds, orderedIds, refusedWith } = gift;
  for (const id of orderedIds) {
    if (intents.some(({ donationId }) => donationId === id)) continue;
    yield {
      fault: 'LOST',
      subject: key,
      detail: `was ordered as ${id}, and no intent of it is in the books`,
    };
  }
  const [entry] = booked;
  const isAcknowledged = donationIds.size > 0;
  if (isAcknowledged && entry === undefined) {
    yield { fault: 'LOST', subject: key, detail: `${amount} was acknowledged and is not in the ledger` };
    return;
  }
  const told = new Set([...donationIds, ...orderedIds]);
  if (booked.length > 1 || intents.length > 1 || told.size > 1) {
    const ids = new Set([...told, ...[...booked, ...intents].map(({ donationId }) => donationId)]);
    const detail = `one key, ${intents.length} intents, ${booked.length} entries: ${[...ids].join(', ')}`;
    yield { fault: 'DOUBLED', subject: key, detail };
  }
  if (gift.refusedAfterwardsWith !== null) {
    const detail = `acknowledged, and refused with ${gift.refusedAfterwardsWith} when it was sent again`;
    yield { fault: 'ALTERED', subject: key, detail };
  }
  if (wasOnlyTurnedAway(gift) && (entry !== undefined || intents.length > 0)) {
    yield {
      fault: 'ALTERED',
      subject: key,
      detail: 'turned away for want of budget, and yet it is in the books',
    };
  }
  if (entry === undefined) return;
  if (refusedWith !== null && !mayBeCountedYet.has(refusedWith)) {
    const detail = `refused with ${refusedWith}, and yet it is in the ledger`;
    yield { fault: 'ALTERED', subject: key, detail };
  }
  const isSame = entry.amount === amount && entry.campaignId === campaignId;
  const isNamed = !isAcknowledged || donationIds.has(entry.donationId);
  if (!isSame || !isNamed) {
    const detail = `given ${amount} to ${campaignId}, booked ${entry.amount} to ${entry.campaignId} as ${entry.donationId}`;
    yield { fault: 'ALTERED', subject: key, detail };
  }
}

/** One entry by itself: somebody sent it; two postings, which sum to nought and credit the amount. */
export function* judgeEntry(entry: BookedGift, sent: ReadonlyMap<string, WitnessedGift>): Generator<Finding> {
  const { key, amount, legs, balance, credited } = entry;
  if (!sent.has(key)) {
    yield { fault: 'UNSENT', subject: key, detail: `${amount} is in the ledger, and nobody sent it` };
  }
  if (legs !== 2 || balance !== 0n || credited !== amount) {
    const detail = `${amount}: ${legs} postings, sum ${balance}, credited ${credited}`;
    yield { fault: 'UNBALANCED', subject: key, detail };
  }
}

/** An entry of somebody else, who never began it: a gift of the run, perhaps, that is counted again under another key. */
export function judgeUnbegun({ key, campaignId, amount }: UnbegunGift): Finding {
  const detail = `${amount} is in the ledger of ${campaignId}, and no intent stands behind it`;
  return { fault: 'UNSENT', subject: key, detail };
}

/** What the graph tells the donor: wholly there or wholly absent, as the ledger has it. */
export function* judgeAnswer(
  gift: WitnessedGift,
  answer: GraphDonation | null,
  known: { entry: BookedGift | undefined; intent: BookedIntent | undefined },
): Generator<Finding> {
  const { entry, intent } = known;
  const told = answer === null ? 'nothing' : `${answer.amount} ${answer.state} as ${answer.id}`;
  const isRight =
    entry === undefined
      ? answer?.id === intent?.donationId && answer?.state !== 'COUNTED'
      : answer?.state === 'COUNTED' && answer.amount === entry.amount && answer.id === entry.donationId;
  if (isRight) return;
  const held = entry === undefined ? 'no entry' : `${entry.amount} as ${entry.donationId}`;
  yield {
    fault: 'GRAPH_WRONG',
    subject: gift.key,
    detail: `the ledger has ${held}, donationByKey tells ${told}`,
  };
}
