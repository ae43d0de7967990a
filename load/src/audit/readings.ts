import type { SeenTotals } from '../observations.ts';

/** A reading that shows less than the reader had seen before. */
export interface StaleReading {
  campaignId: string;
  atLeastVersion: bigint;
  shown: SeenTotals;
  /** Who read: one virtual user, one reading after the other. */
  reader: string | null;
}

/** Two readings of one version that differ. */
export interface ContradictoryReading {
  campaignId: string;
  version: bigint;
  one: SeenTotals;
  other: SeenTotals;
}

/** What was wrong with showings of totals, and the newest of them by campaign. */
export interface Readings {
  stale: StaleReading[];
  contradictory: ContradictoryReading[];
  newest: Map<string, SeenTotals>;
}

/** Totals as an acknowledgement or a reading showed them, and to whom. */
interface Shown {
  campaignId: string;
  totals: SeenTotals;
  reader: string | null;
}

/**
 * Takes in one showing of totals after the other: what one reader was shown of a campaign never goes back, whether an
 * acknowledgement showed it or a reading, and a version has one sum.
 */
export function createReadings(into: Readings): (shown: Shown, knownVersion: bigint) => void {
  /** By campaign and version. */
  const versions = new Map<string, SeenTotals>();
  /** The newest version by reader and campaign. */
  const histories = new Map<string, bigint>();

  function noteTotals({ campaignId, totals }: Shown): void {
    const { version } = totals;
    const known = versions.get(`${campaignId} ${version}`);
    if (known === undefined) versions.set(`${campaignId} ${version}`, totals);
    else if (known.raised !== totals.raised || known.count !== totals.count) {
      into.contradictory.push({ campaignId, version, one: known, other: totals });
    }
    const newest = into.newest.get(campaignId);
    if (newest === undefined || newest.version < version) into.newest.set(campaignId, totals);
  }

  return (shown, knownVersion) => {
    noteTotals(shown);
    const { campaignId, totals, reader } = shown;
    const place = `${reader} ${campaignId}`;
    const before = reader === null ? 0n : (histories.get(place) ?? 0n);
    const atLeastVersion = knownVersion > before ? knownVersion : before;
    if (totals.version < atLeastVersion)
      into.stale.push({ campaignId, atLeastVersion, shown: totals, reader });
    if (reader !== null && totals.version > before) histories.set(place, totals.version);
  };
}
