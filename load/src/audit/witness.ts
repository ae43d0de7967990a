import type { Observation, SeenTotals } from '../observations.ts';

/** What the load knows of one gift. */
export interface WitnessedGift {
  key: string;
  campaignId: string;
  amount: bigint;
  /** Ids under which it was acknowledged; more than one is a doubled gift. */
  donationIds: Set<string>;
  /** Whether the last that was heard of it is that nobody knows. */
  unknown: boolean;
  refusedWith: string | null;
}

/** A reading that shows less than the reader had seen before. */
export interface StaleReading {
  campaignId: string;
  atLeastVersion: bigint;
  shown: SeenTotals;
}

/** Two readings of one version that differ. */
export interface ContradictoryReading {
  campaignId: string;
  version: bigint;
  one: SeenTotals;
  other: SeenTotals;
}

/** All that the load saw, gathered by key and campaign. */
export interface Testimony {
  gifts: Map<string, WitnessedGift>;
  stale: StaleReading[];
  contradictory: ContradictoryReading[];
  /** The newest totals that an acknowledgement or a reading showed, by campaign. */
  newest: Map<string, SeenTotals>;
  acknowledgements: number;
  readings: number;
  /** Acknowledgements beyond the first of their key. */
  repeats: number;
}

export function createTestimony(): Testimony {
  return {
    gifts: new Map(),
    stale: [],
    contradictory: [],
    newest: new Map(),
    acknowledgements: 0,
    readings: 0,
    repeats: 0,
  };
}

/** Versions of totals that were seen, so that two showings of one version can be compared. */
export type SeenVersions = Map<string, SeenTotals>;

function noteTotals(
  testimony: Testimony,
  versions: SeenVersions,
  campaignId: string,
  shown: SeenTotals,
): void {
  const known = versions.get(`${campaignId} ${shown.version}`);
  if (known === undefined) versions.set(`${campaignId} ${shown.version}`, shown);
  else if (known.raised !== shown.raised || known.count !== shown.count) {
    testimony.contradictory.push({ campaignId, version: shown.version, one: known, other: shown });
  }
  const newest = testimony.newest.get(campaignId);
  if (newest === undefined || newest.version < shown.version) testimony.newest.set(campaignId, shown);
}

function giftOf(
  testimony: Testimony,
  seen: { key: string; campaignId: string; amount: bigint },
): WitnessedGift {
  const known = testimony.gifts.get(seen.key);
  if (known !== undefined) return known;
  const gift = { ...seen, donationIds: new Set<string>(), unknown: false, refusedWith: null };
  testimony.gifts.set(seen.key, gift);
  return gift;
}

/** Takes one observation into the testimony. */
export function testify(testimony: Testimony, versions: SeenVersions, seen: Observation): void {
  switch (seen.kind) {
    case 'sent':
      giftOf(testimony, { key: seen.key, campaignId: seen.campaignId, amount: seen.amount });
      return;
    case 'counted': {
      const gift = giftOf(testimony, { key: seen.key, campaignId: seen.campaignId, amount: seen.amount });
      testimony.acknowledgements += 1;
      if (gift.donationIds.size > 0) testimony.repeats += 1;
      gift.donationIds.add(seen.donationId);
      gift.unknown = false;
      noteTotals(testimony, versions, seen.campaignId, seen.totals);
      return;
    }
    case 'refused': {
      const gift = testimony.gifts.get(seen.key);
      if (gift !== undefined) gift.refusedWith = seen.code;
      return;
    }
    case 'unknown': {
      const gift = giftOf(testimony, { key: seen.key, campaignId: seen.campaignId, amount: seen.amount });
      gift.unknown = gift.donationIds.size === 0;
      return;
    }
    case 'read':
      testimony.readings += 1;
      noteTotals(testimony, versions, seen.campaignId, seen.totals);
      if (seen.totals.version < seen.atLeastVersion) {
        testimony.stale.push({
          campaignId: seen.campaignId,
          atLeastVersion: seen.atLeastVersion,
          shown: seen.totals,
        });
      }
      return;
    default:
      seen satisfies never;
  }
}
