import { createListLoader, createLoader } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import type { Database } from './db/database.ts';
import { findDevices } from './db/devices.ts';
import { findPeople } from './db/people.ts';

/** One loader for each access path; made for one operation. */
export function createLoaders(db: Kysely<Database>) {
  return {
    person: createLoader(
      (ids: readonly string[]) => findPeople(db, ids),
      (person) => person.id,
    ),
    devices: createListLoader(
      (personIds: readonly string[]) => findDevices(db, personIds),
      (device) => device.person_id,
    ),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;
