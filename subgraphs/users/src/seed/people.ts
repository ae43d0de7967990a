import { insertMany } from '@banyan/kit/database';
import { people, personOf, seedDay, staffMembers, type Person } from '@banyan/seed';
import type { Insertable, Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { PeopleTable } from '../db/people.ts';
import type { FieldCipher } from '../domain/field-cipher.ts';
import { maskPhone } from '../domain/phone.ts';

/** The whole cast, with the roles of staff. */
export async function seedPeople(db: Kysely<Database>, cipher: FieldCipher): Promise<void> {
  const day = seedDay();
  const toRow = (person: Person): Insertable<PeopleTable> => ({
    id: person.id,
    phone_fingerprint: cipher.fingerprint('phone', person.phone),
    phone_encrypted: cipher.encrypt(person.phone),
    phone_masked: maskPhone(person.phone),
    display_name: person.displayName,
    social_title: null,
    avatar_url: null,
    birth_year: person.birthYear,
    region_code: person.regionCode,
    language: person.language,
    real_name_level: person.realNameLevel,
    trust_band: 'FAIR',
    joined_at: day.at(-person.joinedDaysAgo),
  });
  await insertMany(db, 'people', people.map(toRow));
  await insertMany(
    db,
    'staff_roles',
    staffMembers.map(({ number, role }) => ({ person_id: personOf(number).id, role })),
  );
}
