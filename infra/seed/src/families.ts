import type { Relation } from '@banyan/vocabulary';
import { strangerFacts, type Facts } from './facts.ts';
import { nameOf, type Gender } from './names.ts';
import { helpOrganiser } from './parts.ts';
import { createRandom, type Random } from './random.ts';

/** What the relative is to the organiser of a family; it fits the organiser's age. */
export function familyRelation(family: number): Relation {
  const { birthYear } = strangerFacts(helpOrganiser(family));
  return createRandom(`family:${family}`).weighted<Relation>([
    ['SPOUSE', 4],
    ['SIBLING', 2],
    ['CHILD', birthYear <= 1961 ? 5 : 0],
    ['PARENT', birthYear >= 1965 ? 5 : 0],
  ]);
}

/** A relative whose age, sex and surname fit the organiser's. */
export function relativeFacts(family: number): Facts {
  const random = createRandom(`relative:${family}`);
  const organiser = strangerFacts(helpOrganiser(family));
  const relation = familyRelation(family);
  const gender = genderOf(relation, organiser.gender, random);
  const birthYear = birthYearOf(relation, organiser.birthYear, random);
  const sharesSurname =
    relation === 'SIBLING' ||
    (relation === 'CHILD' && organiser.gender === 'M') ||
    (relation === 'PARENT' && gender === 'M');
  const surname = sharesSurname ? organiser.name.surname : undefined;
  return {
    name: nameOf(random, { gender, birthYear, abroad: false, surname }),
    gender,
    birthYear,
    regionCode: organiser.regionCode,
    language: 'zh',
  };
}

function genderOf(relation: Relation, organiser: Gender, random: Random): Gender {
  if (relation === 'SPOUSE') return organiser === 'F' ? 'M' : 'F';
  return random.chance(0.5) ? 'F' : 'M';
}

function birthYearOf(relation: Relation, organiser: number, random: Random): number {
  if (relation === 'CHILD') return random.int(organiser + 22, Math.min(organiser + 32, 1985));
  if (relation === 'PARENT') return random.int(Math.max(organiser - 32, 1941), organiser - 22);
  return Math.min(1985, Math.max(1941, organiser + random.int(-5, 5)));
}
