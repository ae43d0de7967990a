import type { Relation } from '@banyan/vocabulary';

/** If A is this to B, what B is to A. */
const inverses: Readonly<Record<Relation, Relation>> = {
  SELF: 'SELF',
  SPOUSE: 'SPOUSE',
  PARENT: 'CHILD',
  CHILD: 'PARENT',
  GRANDPARENT: 'GRANDCHILD',
  GRANDCHILD: 'GRANDPARENT',
  SIBLING: 'SIBLING',
};

export function inverseOf(relation: Relation): Relation {
  return inverses[relation];
}
