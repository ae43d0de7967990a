import type { RealNameLevel, TrustBand } from '@banyan/vocabulary';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What users has told of people, for the requirements of circles. */
export interface KnownPeopleTable {
  id: string;
  real_name_level: RealNameLevel;
  trust_band: TrustBand;
}
export type KnownPersonRow = Selectable<KnownPeopleTable>;

/** Of whom nothing was told, this holds. */
const unknown = { real_name_level: 'NONE', trust_band: 'FAIR' } as const;

export async function findKnownPerson(db: Kysely<Database>, id: string): Promise<KnownPersonRow> {
  const row = await db.selectFrom('known_people').selectAll().where('id', '=', id).executeTakeFirst();
  return row ?? { id, ...unknown };
}

/** Changes what is given and leaves the rest. */
export async function saveKnownPerson(
  trx: Transaction<Database>,
  id: string,
  change: Partial<Omit<KnownPersonRow, 'id'>>,
): Promise<void> {
  await trx
    .insertInto('known_people')
    .values({ id, ...unknown, ...change })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute();
}
