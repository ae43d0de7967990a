import type { Observation } from '../observations.ts';
import { createReadings } from './readings.ts';
import { noteAcknowledged } from './streams.ts';
import { emptyTestimony, type Testimony, type WitnessedGift } from './testimony.ts';

/** Takes observations into a testimony, in the order in which they were written. */
export interface Witness {
  readonly testimony: Testimony;
  readonly testify: (seen: Observation) => void;
}

/** What a request to give comes to. */
const giftAnswers: ReadonlySet<Observation['kind']> = new Set([
  'counted',
  'ordered',
  'refused',
  'failed',
  'discarded',
  'turnedAway',
]);

/** Whether a gift was sent, and not asked about. */
function isGiftRequest(seen: Observation): seen is Observation & { key: string } {
  return giftAnswers.has(seen.kind) && !('isQuestion' in seen && seen.isQuestion === true);
}

/** Of most gifts nothing is known but one id: millions of empty sets would be most of a testimony. */
const none: ReadonlySet<string> = new Set();

function withId(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return ids.has(id) ? ids : new Set([...ids, id]);
}

/** The gift of that key; of one not heard of before, a new one. */
function giftOf(
  { gifts }: Testimony,
  seen: Pick<WitnessedGift, 'key' | 'campaignId' | 'amount'> & { at: number },
  donor: number | null,
): WitnessedGift {
  const known = gifts.get(seen.key);
  if (known !== undefined) return known;
  const { key, campaignId, amount, at: sentAtMs } = seen;
  const ids = { donationIds: none, orderedIds: none };
  const told = { refusedWith: null, refusedAfterwardsWith: null, turnedAway: 0, isHeard: false };
  const gift: WitnessedGift = { key, campaignId, amount, donor, ...ids, ...told, sentAtMs };
  gifts.set(key, gift);
  return gift;
}

function noteRefusal(gift: WitnessedGift, code: string): void {
  if (gift.donationIds.size > 0) gift.refusedAfterwardsWith = code;
  else gift.refusedWith = code;
}

/** A witness who has seen nothing yet, of a run in which the first fault was at `calmUntilMs`. */
export function createWitness(calmUntilMs = Infinity): Witness {
  const testimony = emptyTestimony(calmUntilMs);
  const noteShown = createReadings(testimony);

  function noteRequest(seen: Observation & { key: string }): void {
    const gift = testimony.gifts.get(seen.key);
    if (gift === undefined) return;
    if (seen.kind === 'turnedAway') gift.turnedAway += 1;
    else gift.isHeard = true;
  }

  function testify(seen: Observation): void {
    if (isGiftRequest(seen)) {
      testimony.giftRequests += 1;
      noteRequest(seen);
    }
    switch (seen.kind) {
      case 'sent':
      case 'unknown':
        giftOf(testimony, seen, seen.kind === 'sent' ? seen.donor : null);
        return;
      case 'counted': {
        const gift = giftOf(testimony, seen, null);
        testimony.acknowledgements += 1;
        if (gift.donationIds.size > 0) testimony.repeats += 1;
        gift.donationIds = withId(gift.donationIds, seen.donationId);
        noteShown(seen, 0n);
        noteAcknowledged(testimony.streams, seen);
        return;
      }
      case 'ordered': {
        const gift = testimony.gifts.get(seen.key);
        if (gift !== undefined) gift.orderedIds = withId(gift.orderedIds, seen.donationId);
        return;
      }
      case 'refused': {
        const gift = testimony.gifts.get(seen.key);
        if (gift !== undefined) noteRefusal(gift, seen.code);
        return;
      }
      case 'failed':
      case 'unread':
        testimony.failures += 1;
        return;
      case 'turnedAway':
        testimony.turnedAway += 1;
        return;
      case 'discarded':
        testimony.discarded += 1;
        return;
      case 'read':
        testimony.readings += 1;
        if (seen.isLive === true) testimony.liveReadings += 1;
        noteShown(seen, seen.atLeastVersion);
        return;
      case 'followed':
        testimony.streams.all.push(seen);
        return;
      case 'closed': {
        const { campaignId, version, at: atMs } = seen;
        testimony.closings.set(campaignId, { campaignId, version, atMs });
        return;
      }
      default:
        seen satisfies never;
    }
  }

  return { testimony, testify };
}
