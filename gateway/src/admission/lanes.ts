import { isAnonymous, type Caller } from '@banyan/kit/hop';

/**
 * Who goes before whom when there is not room for all: gifts, which are mutations and at a peak nearly all of them, before
 * reads of those who are known, before reads of strangers.
 */
export const lanes = ['gifts', 'known', 'anonymous'] as const;
export type Lane = (typeof lanes)[number];

/** How much of the limit may be taken when one of a lane is let in. Gifts may go beyond it: they are the last to be shed. */
export const shareOf: Readonly<Record<Lane, number>> = { gifts: 2, known: 1, anonymous: 0.75 };

/** The lane of an operation. */
export function laneOf(caller: Caller, isMutation: boolean): Lane {
  if (isMutation) return 'gifts';
  return isAnonymous(caller) ? 'anonymous' : 'known';
}
