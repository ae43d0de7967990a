import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** How a person wants to be portrayed. Without a row: switched on, nothing hidden. */
export interface PortraitSettingsTable {
  person_id: string;
  enabled: boolean;
  hidden_tags: readonly string[];
}
export type PortraitSettingsRow = Selectable<PortraitSettingsTable>;

export function findPortraitSettings(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<PortraitSettingsRow[]> {
  return db.selectFrom('portrait_settings').selectAll().where('person_id', 'in', personIds).execute();
}

/** The person's settings, locked; made if there are none. */
export async function lockPortraitSettings(
  trx: Transaction<Database>,
  personId: string,
): Promise<PortraitSettingsRow> {
  await trx
    .insertInto('portrait_settings')
    .values({ person_id: personId, enabled: true, hidden_tags: [] })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .execute();
  return trx
    .selectFrom('portrait_settings')
    .selectAll()
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function updatePortraitSettings(
  trx: Transaction<Database>,
  settings: PortraitSettingsRow,
): Promise<void> {
  const { person_id: personId, ...change } = settings;
  await trx.updateTable('portrait_settings').set(change).where('person_id', '=', personId).execute();
}
