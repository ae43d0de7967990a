import { insertMany } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import type { SeedDay } from '@banyan/seed';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { FieldCipher } from '../domain/field-cipher.ts';
import { seedConsents } from './consents.ts';
import { seedNotifications } from './notifications.ts';
import { seedOrganisations } from './organisations.ts';
import { seedPeople } from './people.ts';
import { seedRealNames } from './real-names.ts';
import { seedRelatives } from './relatives.ts';
import type { SeedEvent } from './seed-event.ts';

/** The whole cast, and the events from which other subgraphs learn what they need of it. */
export async function seedAll(db: Kysely<Database>, cipher: FieldCipher, day: SeedDay): Promise<void> {
  const events: SeedEvent[] = [
    ...(await seedPeople(db, cipher, day)),
    ...(await seedOrganisations(db, day)),
    ...(await seedRelatives(db, cipher, day)),
    ...(await seedConsents(db, day)),
  ];
  await seedRealNames(db, cipher, day);
  await seedNotifications(db, day);
  const inOrder = events.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  await insertMany(
    db,
    'outbox',
    inOrder.map(({ type, subject, payload, at }) => ({
      id: newId('evt'),
      type,
      subject,
      payload: JSON.stringify(payload),
      occurred_at: at,
    })),
  );
}
