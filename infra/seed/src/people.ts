import {
  consentPurposes,
  crafts,
  type ConsentPurpose,
  type Craft,
  type RealNameLevel,
} from '@banyan/vocabulary';
import { counts } from './counts.ts';
import { strangerFacts, type Facts } from './facts.ts';
import { relativeFacts } from './families.ts';
import { displayNameOf } from './names.ts';
import { familyOfRelative, hasPart } from './parts.ts';
import { findPersona, personas } from './personas.ts';
import { createRandom, type Random } from './random.ts';
import { castId } from './seed-id.ts';

export interface Person {
  readonly number: number;
  readonly id: `usr_${string}`;
  /** E.164, in the range that only seed data uses. */
  readonly phone: string;
  readonly legalName: string;
  readonly latinName: string;
  readonly displayName: string;
  readonly gender: 'F' | 'M';
  /** 1941 to 1985. */
  readonly birthYear: number;
  /** ISO 3166-2 in China, ISO 3166-1 abroad. */
  readonly regionCode: string;
  readonly language: 'zh' | 'en';
  readonly realNameLevel: RealNameLevel;
  /** One to three, dearest first. */
  readonly interests: readonly Craft[];
  readonly consents: readonly ConsentPurpose[];
  /** Nothing that a person did is older than this. */
  readonly joinedDaysAgo: number;
}

/** +86 138 0000 0001 and on: one reserved range, so that no seed person has a real person's phone. */
export function phoneOf(person: number): string {
  return `+861380000${String(person).padStart(4, '0')}`;
}

const consentShare: Readonly<Record<ConsentPurpose, number>> = {
  PORTRAIT_MATCHING: 0.65,
  INSURANCE_OFFERS: 0.4,
  MEDICAL_DATA: 0.2,
  SHARING_WITH_PARTNER: 0.15,
  CROSS_BORDER: 0.05,
  BLACKLIST_SHARING: 0.1,
};

/** All people, in order of their numbers. */
export const people: readonly Person[] = Array.from({ length: counts.people }, (_, index) =>
  createPerson(index + 1),
);

/** @throws RangeError when there is no person of that number. */
export function personOf(number: number): Person {
  const person = people[number - 1];
  if (!person) throw new RangeError(`the cast has no person ${number}`);
  return person;
}

function createPerson(number: number): Person {
  const random = createRandom(`person:${number}`);
  const { name, gender, birthYear, regionCode, language } = factsOf(number);
  const abroad = !regionCode.startsWith('CN-');
  const isPersona = findPersona(number) !== undefined;
  return {
    number,
    id: castId('user', number),
    phone: phoneOf(number),
    legalName: name.chinese,
    latinName: name.latin,
    displayName: isPersona && !abroad ? name.chinese : displayNameOf(random, name, abroad),
    gender,
    birthYear,
    regionCode,
    language,
    realNameLevel: realNameLevelOf(number, random),
    interests: random.sample(crafts, random.int(1, 3)),
    consents: consentsOf(number, random),
    joinedDaysAgo: random.int(hasPart(number) ? 400 : 30, 1500),
  };
}

function factsOf(number: number): Facts {
  const persona = findPersona(number);
  if (persona) return { ...persona, name: { chinese: persona.chineseName, latin: persona.latinName } };
  const family = familyOfRelative(number);
  return family === undefined ? strangerFacts(number) : relativeFacts(family);
}

/** Who has a part is known by name; the organiser of the hot campaign as well as can be. */
function realNameLevelOf(number: number, random: Random): RealNameLevel {
  if (number === personas.organiser.number) return 'FACE_LIVENESS';
  return random.weighted<RealNameLevel>([
    ['NONE', hasPart(number) ? 0 : 30],
    ['TWO_FACTOR', hasPart(number) ? 0 : 20],
    ['THREE_FACTOR', 25],
    ['FOUR_FACTOR', 15],
    ['FACE_LIVENESS', 10],
  ]);
}

function consentsOf(number: number, random: Random): ConsentPurpose[] {
  if (number === personas.private.number) return [];
  if (number === personas.donor.number) return ['PORTRAIT_MATCHING', 'INSURANCE_OFFERS'];
  return consentPurposes.filter((purpose) => random.chance(consentShare[purpose]));
}
