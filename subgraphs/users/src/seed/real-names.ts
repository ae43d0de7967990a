import { insertMany } from '@banyan/kit/database';
import { people, seedId, type Person, type SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { FieldCipher } from '../domain/field-cipher.ts';
import { checkCharacterOf } from '../domain/id-number.ts';
import { factorsOf, maskName, type VerifiedLevel } from '../domain/real-name.ts';
import { verifiedAt } from './people.ts';

/** Who is verified, with the check that it rests on. */
export async function seedRealNames(db: Kysely<Database>, cipher: FieldCipher, day: SeedDay): Promise<void> {
  const known = people.flatMap((person) =>
    person.realNameLevel === 'NONE'
      ? []
      : [identityOf(person, person.realNameLevel, cipher, verifiedAt(person, day))],
  );
  await insertMany(
    db,
    'real_names',
    known.map(({ id: _id, masked, at, ...name }) => ({
      ...name,
      factors: factorsOf[name.level],
      legal_name_masked: masked,
      verified_at: at,
    })),
  );
  await insertMany(
    db,
    'real_name_checks',
    known.map(({ id, masked: _masked, at, ...check }) => ({
      ...check,
      id,
      state: 'VERIFIED' as const,
      reason: null,
      bank_card_encrypted: null,
      provider_check_id: `seed-${id}`,
      challenge_url: null,
      idempotency_key: 'seed',
      input_fingerprint: 'seed',
      created_at: at,
      decided_at: at,
    })),
  );
}

function identityOf(person: Person, level: VerifiedLevel, cipher: FieldCipher, at: Date) {
  const legalName = person.language === 'en' ? person.latinName : person.legalName;
  const idNumber = idNumberOf(person);
  return {
    id: seedId('rnc', person.number),
    person_id: person.id,
    level,
    legal_name_encrypted: cipher.encrypt(legalName),
    id_number_encrypted: cipher.encrypt(idNumber),
    id_number_fingerprint: cipher.fingerprint('id-number', idNumber),
    masked: maskName(legalName),
    at,
  };
}

/** People of one sequence number are born in different months. */
const sequences = 700;

/** A number of area 990000, which is no place on earth; no two people of the cast have the same. */
function idNumberOf({ number, birthYear }: Person): string {
  const month = String(1 + Math.floor(number / sequences) * 4 + (number % 4)).padStart(2, '0');
  const dayOfMonth = String(1 + (number % 28)).padStart(2, '0');
  const sequence = String(1 + (number % sequences)).padStart(3, '0');
  const digits = `990000${birthYear}${month}${dayOfMonth}${sequence}`;
  return digits + checkCharacterOf(digits);
}
