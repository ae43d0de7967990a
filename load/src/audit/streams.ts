import type { Observation } from '../observations.ts';

/** A stream of live totals that a follower had opened. */
export type SeenStream = Extract<Observation, { kind: 'followed' }>;

/** What was followed live, and what had been acknowledged meanwhile. */
export interface SeenStreams {
  readonly all: SeenStream[];
  /** The newest version of the acknowledgements of each second since the epoch, by campaign. */
  readonly acknowledged: Map<string, Map<number, bigint>>;
  /** When the first fault befell the system; infinite where none did. */
  readonly calmUntilMs: number;
}

/** Takes in an acknowledgement. */
export function noteAcknowledged(
  { acknowledged }: SeenStreams,
  { campaignId, at, totals: { version } }: Extract<Observation, { kind: 'counted' }>,
): void {
  const ofCampaign = acknowledged.get(campaignId) ?? new Map<number, bigint>();
  acknowledged.set(campaignId, ofCampaign);
  const second = Math.floor(at / 1_000);
  const known = ofCampaign.get(second);
  if (known === undefined || known < version) ofCampaign.set(second, version);
}

/** The newest version of a campaign that was acknowledged before a moment, by whole seconds; null where none was. */
export function acknowledgedBefore(
  { acknowledged }: SeenStreams,
  campaignId: string,
  atMs: number,
): bigint | null {
  let newest: bigint | null = null;
  for (const [second, version] of acknowledged.get(campaignId) ?? []) {
    if ((second + 1) * 1_000 <= atMs && (newest === null || newest < version)) newest = version;
  }
  return newest;
}
