import type { Relation } from '@banyan/vocabulary';
import { familyRelation } from './families.ts';
import { familyCount, helpOrganiser, relativeOfOrganiser } from './parts.ts';
import { personas } from './personas.ts';

/** `relative` is `relation` of `person`, and both have confirmed it. Each pair stands here once. */
export interface Kinship {
  readonly person: number;
  readonly relative: number;
  readonly relation: Relation;
}

/** Who is related to whom: a campaign for a relative always stands on one of these. */
export const kinships: readonly Kinship[] = [
  { person: personas.organiser.number, relative: personas.beneficiary.number, relation: 'CHILD' },
  { person: personas.organiser.number, relative: personas.relative.number, relation: 'SPOUSE' },
  { person: personas.relative.number, relative: personas.beneficiary.number, relation: 'CHILD' },
  ...Array.from({ length: familyCount }, (_, index) => ({
    person: helpOrganiser(index + 1),
    relative: relativeOfOrganiser(index + 1),
    relation: familyRelation(index + 1),
  })),
];
