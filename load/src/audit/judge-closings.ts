import type { BookedClosing } from './books.ts';
import type { Finding } from './finding.ts';
import type { SeenClosing, WitnessedGift } from './testimony.ts';

/** What a donor is told whose gift comes after the end. */
const notLive = 'NOT_LIVE';

/**
 * A campaign that was ended in the run, by its ledger: the close is a version of its own, and no gift has a later one,
 * whoever gave it and however long it had waited.
 */
export function* judgeClosing(
  { campaignId: subject, version }: SeenClosing,
  booked: BookedClosing,
): Generator<Finding> {
  if (booked.status !== 'CLOSED' || booked.closedAtVersion === null) {
    const detail = `ended by version ${version}, and its book is ${booked.status ?? 'not there'}, closed at version ${booked.closedAtVersion ?? 'none'}`;
    yield { fault: 'AFTER_CLOSE', subject, detail };
    return;
  }
  for (const { key, amount, version: countedAt } of booked.countedAfter) {
    const detail = `${amount} was counted at version ${countedAt}, and ${subject} was closed at ${booked.closedAtVersion}`;
    yield { fault: 'AFTER_CLOSE', subject: key, detail };
  }
}

/** A run in which nothing ended proves nothing about the end. */
export function* judgeEndings(
  toBeEnded: readonly string[],
  closings: ReadonlyMap<string, SeenClosing>,
): Generator<Finding> {
  for (const subject of toBeEnded) {
    if (closings.has(subject)) continue;
    yield { fault: 'NOT_ENDED', subject, detail: 'was to be ended in the run, and nobody heard that it was' };
  }
}

/** A gift that was sent when the end was known: it is refused as such, or nobody knows; it is not taken on. */
export function* judgeLateGift(gift: WitnessedGift, closing: SeenClosing | undefined): Generator<Finding> {
  if (closing === undefined || gift.sentAtMs <= closing.atMs) return;
  const { key: subject, donationIds, orderedIds, refusedWith } = gift;
  const isTakenOn = donationIds.size > 0 || orderedIds.size > 0;
  if (!isTakenOn && (refusedWith === null || refusedWith === notLive)) return;
  const told = isTakenOn ? 'taken on' : `refused with ${refusedWith}`;
  yield {
    fault: 'AFTER_CLOSE',
    subject,
    detail: `sent after the end of ${closing.campaignId} was known, and ${told}`,
  };
}
