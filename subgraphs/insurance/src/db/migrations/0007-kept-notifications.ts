import { grantAppendOnly } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What the payment provider has signed and nobody here can use, for a person to ask about. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table kept_notifications (
      digest text primary key,
      body text not null,
      received_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await grantAppendOnly(db, 'kept_notifications');
}
