import type { Relation } from '@banyan/vocabulary';

/** `relativeId` is `relation` of `personId`. */
export interface Kinship {
  readonly personId: string;
  readonly relativeId: string;
  readonly relation: Relation;
}

/** What the one is to the other, seen from the other side. */
export const inverseRelation: Readonly<Record<Relation, Relation>> = {
  SELF: 'SELF',
  SPOUSE: 'SPOUSE',
  PARENT: 'CHILD',
  CHILD: 'PARENT',
  GRANDPARENT: 'GRANDCHILD',
  GRANDCHILD: 'GRANDPARENT',
  SIBLING: 'SIBLING',
};

/** SELF is for oneself, every other relation for somebody else. */
export function fits(relation: Relation, isOneself: boolean): boolean {
  return (relation === 'SELF') === isOneself;
}

/** Whether both have confirmed that the relative is this to the person, from whichever side it was told. */
export function isVerified(claim: Kinship, known: readonly Kinship[]): boolean {
  return known.some(
    ({ personId, relativeId, relation }) =>
      (personId === claim.personId && relativeId === claim.relativeId && relation === claim.relation) ||
      (personId === claim.relativeId &&
        relativeId === claim.personId &&
        inverseRelation[relation] === claim.relation),
  );
}
