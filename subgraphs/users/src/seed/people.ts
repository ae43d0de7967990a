import { insertMany } from '@banyan/kit/database';
import {
  createRandom,
  kinships,
  people,
  personOf,
  personas,
  staffMembers,
  type Person,
  type SeedDay,
} from '@banyan/seed';
import type { Insertable, Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { PeopleTable } from '../db/people.ts';
import type { FieldCipher } from '../domain/field-cipher.ts';
import { maskPhone } from '../domain/phone.ts';
import { trustOf } from '../domain/trust.ts';
import type { SeedEvent } from './seed-event.ts';

/** Everybody, with the roles of staff. */
export async function seedPeople(
  db: Kysely<Database>,
  cipher: FieldCipher,
  day: SeedDay,
): Promise<SeedEvent[]> {
  const relatives = countRelatives();
  const rows = people.map((person) => toRow(person, relatives.get(person.number) ?? 0, cipher, day));
  await insertMany(db, 'people', rows);
  await insertMany(
    db,
    'staff_roles',
    staffMembers.map(({ number, role }) => ({ person_id: personOf(number).id, role })),
  );
  return [
    ...people.filter(({ realNameLevel }) => realNameLevel !== 'NONE').map((person) => verified(person, day)),
    ...rows.filter((row) => row.trust_band !== 'FAIR').map((row) => banded(row, day)),
    ...staffMembers.map(({ number, role }) => {
      const userId = personOf(number).id;
      return {
        type: 'staff.role_set',
        subject: userId,
        payload: { userId, role, granted: true },
        at: day.at(-360, 9),
      };
    }),
  ];
}

function toRow(
  person: Person,
  relatives: number,
  cipher: FieldCipher,
  day: SeedDay,
): Insertable<PeopleTable> {
  const nothingElse = { campaigns: 0, courses: 0, admirers: 0, circles: 0 };
  return {
    id: person.id,
    phone_fingerprint: cipher.fingerprint('phone', person.phone),
    phone_encrypted: cipher.encrypt(person.phone),
    phone_masked: maskPhone(person.phone),
    display_name: person.displayName,
    social_title: socialTitleOf(person, day),
    avatar_url: null,
    birth_year: person.birthYear,
    region_code: person.regionCode,
    language: person.language,
    real_name_level: person.realNameLevel,
    trust_band: trustOf({ realNameLevel: person.realNameLevel, relatives, ...nothingElse }).band,
    joined_at: day.at(-person.joinedDaysAgo),
  };
}

/** How neighbours would call this person: 王阿姨, 陈老师, Auntie Wang. Not everybody has said how. */
function socialTitleOf(person: Person, day: SeedDay): string | null {
  const random = createRandom(`users:title:${person.number}`);
  if (person.number !== personas.donor.number && random.chance(0.35)) return null;
  const elderly = day.year - person.birthYear >= 68;
  if (person.language === 'en') {
    const surname = person.latinName.split(' ').at(-1) ?? person.latinName;
    return `${person.gender === 'F' ? 'Auntie' : 'Uncle'} ${surname}`;
  }
  const surname = person.legalName.slice(0, 1);
  if (random.chance(0.15)) return `${surname}老师`;
  if (person.gender === 'F') return `${surname}${elderly ? '奶奶' : '阿姨'}`;
  return `${surname}${elderly ? '爷爷' : '叔叔'}`;
}

function countRelatives(): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { person, relative } of kinships)
    for (const one of [person, relative]) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** Some weeks after joining. */
export const verifiedAt = ({ joinedDaysAgo }: Person, day: SeedDay): Date =>
  day.at(-Math.max(1, joinedDaysAgo - 20), 11);

function verified(person: Person, day: SeedDay): SeedEvent {
  return {
    type: 'person.verified',
    subject: person.id,
    payload: { userId: person.id, realNameLevel: person.realNameLevel },
    at: verifiedAt(person, day),
  };
}

function banded(row: Insertable<PeopleTable>, day: SeedDay): SeedEvent {
  return {
    type: 'trust.changed',
    subject: row.id,
    payload: { userId: row.id, band: row.trust_band },
    at: day.at(-1, 3),
  };
}
