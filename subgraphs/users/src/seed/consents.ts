import { insertMany } from '@banyan/kit/database';
import { createRandom, people, type SeedDay } from '@banyan/seed';
import { consentTextVersions } from '@banyan/vocabulary';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { SeedEvent } from './seed-event.ts';

/** What people agree to; each to the text of today, some time after joining. */
export async function seedConsents(db: Kysely<Database>, day: SeedDay): Promise<SeedEvent[]> {
  const given = people.flatMap((person) => {
    const random = createRandom(`users:consents:${person.number}`);
    return person.consents.map((purpose) => ({
      person_id: person.id,
      purpose,
      text_version: consentTextVersions[purpose],
      at: day.at(-random.int(2, person.joinedDaysAgo), 8 + random.float() * 12),
    }));
  });
  await insertMany(
    db,
    'consents',
    given.map(({ at, ...consent }) => ({ ...consent, granted_at: at, withdrawn_at: null })),
  );
  await insertMany(
    db,
    'consent_changes',
    given.map(({ at, ...consent }) => ({ ...consent, granted: true, changed_at: at })),
  );
  return given.map(({ person_id: userId, purpose, text_version: textVersion, at }) => ({
    type: 'consent.changed',
    subject: userId,
    payload: { userId, purpose, granted: true, textVersion },
    at,
  }));
}
