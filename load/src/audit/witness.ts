import type { Observation, SeenTotals } from '../observations.ts';
import { createReadings, type ContradictoryReading, type StaleReading } from './readings.ts';
import { noteAcknowledged, type SeenStreams } from './streams.ts';

/** What the load knows of one gift. */
export interface WitnessedGift {
  readonly key: string;
  readonly campaignId: string;
  readonly amount: bigint;
  /** Number of its donor's session, null for a guest. */
  readonly donor: number | null;
  /** Ids under which it was acknowledged; more than one is a doubled gift. */
  donationIds: ReadonlySet<string>;
  /** Ids under which it was ordered, to be paid later. */
  orderedIds: ReadonlySet<string>;
  refusedWith: string | null;
  /** How many requests of it were turned away for want of budget, and whether any came to something else. */
  turnedAway: number;
  isHeard: boolean;
  /** What somebody was told who sent it again after it had been acknowledged. */
  refusedAfterwardsWith: string | null;
  /** When it was sent first, in milliseconds since the epoch. */
  readonly sentAtMs: number;
}

/** A campaign that its organiser has ended in the run. */
export interface SeenClosing {
  readonly campaignId: string;
  /** Of its totals, when it was known to have ended. */
  readonly version: bigint;
  readonly atMs: number;
}

/** All that the load saw, gathered by key and campaign. */
export interface Testimony {
  gifts: Map<string, WitnessedGift>;
  stale: StaleReading[];
  contradictory: ContradictoryReading[];
  /** The newest totals that an acknowledgement or a reading showed, by campaign. */
  newest: Map<string, SeenTotals>;
  /** By campaign. */
  closings: Map<string, SeenClosing>;
  acknowledgements: number;
  readings: number;
  /** Those among them that came by a stream. */
  liveReadings: number;
  streams: SeenStreams;
  /** Acknowledgements beyond the first of their key. */
  repeats: number;
  /** Requests that were turned away for want of budget. */
  turnedAway: number;
  /** Answers that the client threw away. */
  discarded: number;
  /** Requests without an outcome. */
  failures: number;
  /** Requests to give, repeats and all. */
  giftRequests: number;
}

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

/** Whether all that is known of a gift is that it was turned away: then it has no effect. */
export function wasOnlyTurnedAway({ turnedAway, isHeard, donationIds }: WitnessedGift): boolean {
  return turnedAway > 0 && !isHeard && donationIds.size === 0;
}

function emptyTestimony(calmUntilMs: number): Testimony {
  return {
    gifts: new Map(),
    stale: [],
    contradictory: [],
    newest: new Map(),
    closings: new Map(),
    acknowledgements: 0,
    readings: 0,
    liveReadings: 0,
    streams: { all: [], acknowledged: new Map(), calmUntilMs },
    repeats: 0,
    turnedAway: 0,
    discarded: 0,
    failures: 0,
    giftRequests: 0,
  };
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
