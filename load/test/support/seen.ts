import type { Observation, SeenTotals } from '../../src/observations.ts';

/** The campaign that all is about. */
export const campaignId = 'cmp_1';
/** When it is seen, unless a test says otherwise. */
export const at = 0;

/** Totals as somebody was shown them. */
export function totalsAt(version: bigint, raised: bigint, count: bigint): SeenTotals {
  return { version, raised, count };
}

/** A guest sends a gift. */
export function sent(key: string, amount: bigint): Observation {
  return { kind: 'sent', at, key, campaignId, amount, donor: null };
}

/** A gift is acknowledged, with the totals that include it. */
export function counted(
  key: string,
  amount: bigint,
  totals: SeenTotals,
  { donationId = `don_${key}`, reader = null }: { donationId?: string; reader?: string | null } = {},
): Observation {
  return { kind: 'counted', at, key, campaignId, amount, donationId, totals, ms: 1, sinceMs: 1, reader };
}

/** A gift is taken as an order, which is paid later. */
export function ordered(key: string, donationId: string): Observation {
  return { kind: 'ordered', at, key, donationId, ms: 1 };
}

/** A gift is refused with a code. */
export function refused(key: string, code: string): Observation {
  return { kind: 'refused', at, key, campaignId, code };
}

/** Somebody who knew of a version reads the totals. */
export function read(atLeastVersion: bigint, totals: SeenTotals, reader: string | null = null): Observation {
  return { kind: 'read', at, campaignId, atLeastVersion, totals, ms: 1, reader };
}
