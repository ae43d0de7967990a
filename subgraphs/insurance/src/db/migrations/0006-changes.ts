import type { MigrationContext } from '@banyan/kit/database';
import { announceChanges, changesMigration } from '@banyan/kit/events';
import type { Kysely } from 'kysely';

/** Rows by which what anybody may see is seen to change (src/public-copies.ts). */
export async function up(db: Kysely<unknown>, context: MigrationContext): Promise<void> {
  await changesMigration.up(db, context);
  await announceChanges(db, { type: 'InsuranceProduct', table: 'products', key: 'id' });
  await announceChanges(db, { type: 'InsuranceProduct', table: 'product_documents', key: 'product_id' });
  await announceChanges(db, { type: 'MutualAidPlan', table: 'aid_plans', key: 'id' });
}
