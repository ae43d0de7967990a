import { insertMany } from '@banyan/kit/database';
import { kinships, personOf, personas, seedId, type SeedDay } from '@banyan/seed';
import type { Relation } from '@banyan/vocabulary';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { RelativeRow } from '../db/relatives.ts';
import type { FieldCipher } from '../domain/field-cipher.ts';
import { inverseOf } from '../domain/relations.ts';
import type { SeedEvent } from './seed-event.ts';

/** What is asked and not answered: the demo donor finds one such request. */
const open = [
  { person: personas.learner.number, relative: personas.donor.number, relation: 'SIBLING' },
  { person: personas.circleOperator.number, relative: personas.instructor.number, relation: 'SIBLING' },
] as const;

/** Who is whose relative: the confirmed ones of the cast, and a few open requests. */
export async function seedRelatives(
  db: Kysely<Database>,
  cipher: FieldCipher,
  day: SeedDay,
): Promise<SeedEvent[]> {
  const row = (
    { person, relative, relation }: { person: number; relative: number; relation: Relation },
    at: Date,
    verified: Date | null,
  ): RelativeRow => ({
    id: seedId('rel', `${person}/${relative}`),
    asker_id: personOf(person).id,
    asked_phone_fingerprint: cipher.fingerprint('phone', personOf(relative).phone),
    asked_id: personOf(relative).id,
    relation,
    state: verified === null ? 'REQUESTED' : 'VERIFIED',
    by_document: false,
    created_at: at,
    verified_at: verified,
  });
  const confirmed = kinships.map((kinship) => {
    const daysAgo = Math.min(
      personOf(kinship.person).joinedDaysAgo,
      personOf(kinship.relative).joinedDaysAgo,
    );
    return row(kinship, day.at(2 - daysAgo, 9), day.at(3 - daysAgo, 18));
  });
  await insertMany(db, 'relatives', [
    ...confirmed,
    ...open.map((request) => row(request, day.at(-1, 16), null)),
  ]);
  return confirmed.flatMap(({ asker_id: asker, asked_id: asked, relation, verified_at: at }) =>
    asked === null || at === null
      ? []
      : [confirmedEvent(asker, asked, relation, at), confirmedEvent(asked, asker, inverseOf(relation), at)],
  );
}

function confirmedEvent(personId: string, relativeId: string, relation: Relation, at: Date): SeedEvent {
  return {
    type: 'relatives.confirmed',
    subject: personId,
    payload: { personId, relativeId, relation },
    at,
  };
}
