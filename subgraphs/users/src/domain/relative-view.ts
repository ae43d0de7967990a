import type { Relation } from '@banyan/vocabulary';
import type { RelativeRow } from '../db/relatives.ts';
import { inverseOf } from './relations.ts';

export const isAsker = (relative: RelativeRow, personId: string): boolean => relative.asker_id === personId;

export const isParty = (relative: RelativeRow, personId: string): boolean =>
  isAsker(relative, personId) || relative.asked_id === personId;

/** What the other one is to this person. */
export function relationSeenBy(relative: RelativeRow, personId: string): Relation {
  return isAsker(relative, personId) ? relative.relation : inverseOf(relative.relation);
}

/**
 * Whom a party sees on the other side. Who asks sees nobody before the other has confirmed: a phone that belongs to
 * nobody must look like one whose owner has not answered.
 */
export function otherSideSeenBy(relative: RelativeRow, personId: string): string | null {
  if (!isAsker(relative, personId)) return relative.asker_id;
  return relative.state === 'VERIFIED' ? relative.asked_id : null;
}
