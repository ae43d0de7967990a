import type { SeenTotals } from '../observations.ts';
import type { ContradictoryReading, StaleReading } from './readings.ts';
import type { SeenStreams } from './streams.ts';

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

/** Whether all that is known of a gift is that it was turned away: then it has no effect. */
export function wasOnlyTurnedAway({ turnedAway, isHeard, donationIds }: WitnessedGift): boolean {
  return turnedAway > 0 && !isHeard && donationIds.size === 0;
}

/** What is known before anything is seen, of a run in which the first fault was at `calmUntilMs`. */
export function emptyTestimony(calmUntilMs: number): Testimony {
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
