import type { MigrationContext } from '@banyan/kit/database';
import { announceChanges, changesMigration } from '@banyan/kit/events';
import type { Kysely } from 'kysely';

/** Rows by which what anybody may see is seen to change (src/public-copies.ts). */
export async function up(db: Kysely<unknown>, context: MigrationContext): Promise<void> {
  await changesMigration.up(db, context);
  await announceChanges(db, {
    type: 'User',
    table: 'people',
    key: 'id',
    columns: ['display_name', 'social_title', 'avatar_url', 'real_name_level', 'trust_band'],
  });
  await announceChanges(db, { type: 'Organisation', table: 'organisations', key: 'id' });
}
