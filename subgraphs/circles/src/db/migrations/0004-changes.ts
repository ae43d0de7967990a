import type { MigrationContext } from '@banyan/kit/database';
import { announceChanges, changesMigration } from '@banyan/kit/events';
import type { Kysely } from 'kysely';

/** Rows by which what anybody may see is seen to change (src/public-copies.ts). */
export async function up(db: Kysely<unknown>, context: MigrationContext): Promise<void> {
  await changesMigration.up(db, context);
  await announceChanges(db, { type: 'Circle', table: 'circles', key: 'id' });
  await announceChanges(db, { type: 'Circle', table: 'station_links', key: 'circle_id' });
  await announceChanges(db, { type: 'Circle', table: 'circle_links', key: 'from_id' });
  await announceChanges(db, { type: 'Circle', table: 'backings', key: 'circle_id' });
}
