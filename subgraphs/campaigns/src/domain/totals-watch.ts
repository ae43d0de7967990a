import { createVersionWatch, isId, type VersionWatch, type VersionWatchOptions } from '@banyan/kit/graphql';
import type { Totals, TotalsReader } from '@banyan/ledger';

/** Totals by campaign; null of one that has no book yet. */
export type TotalsWatch = VersionWatch<Totals | null>;

/**
 * Follows the totals of campaigns for all subscribers of a process, from the primary's rows: gifts of other processes, and
 * what the sweep or a provider's notification counts, as well as gifts that were given here.
 */
export function createTotalsWatch({
  totals,
  ...options
}: Omit<VersionWatchOptions<Totals | null>, 'read'> & { totals: TotalsReader }): TotalsWatch {
  return createVersionWatch({
    ...options,
    read: async (campaignIds) => {
      const states = await Promise.all(
        campaignIds.map(async (id) => {
          // What is no id must not spoil the read of all others.
          const value = isId('cmp', id) ? await totals.read(id) : null;
          return [id, { version: value?.version ?? 0n, value }] as const;
        }),
      );
      return new Map(states);
    },
  });
}
