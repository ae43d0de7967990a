import { isAnonymous, type Caller } from '@banyan/kit/hop';

/**
 * Who goes before whom when there is not room for all: gifts, which are mutations and at a peak nearly all of them, before
 * reads of those who are known, before reads of strangers.
 */
export const lanes = ['gifts', 'known', 'anonymous'] as const;
export type Lane = (typeof lanes)[number];

/** How much of a limit of reads may be taken when one of a lane is let in. */
export const readShareOf = { known: 1, anonymous: 0.75 } as const;

/** The lane of a read. */
export function readLaneOf(caller: Caller): keyof typeof readShareOf {
  return isAnonymous(caller) ? 'anonymous' : 'known';
}

/** The lane of an operation. */
export function laneOf(caller: Caller, isMutation: boolean): Lane {
  return isMutation ? 'gifts' : readLaneOf(caller);
}
