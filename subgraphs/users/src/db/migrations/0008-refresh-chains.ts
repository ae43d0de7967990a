import { sql, type Kysely } from 'kysely';

/** Which token a refresh token came of: one that was lost on the way can be given anew, and no more than one is used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table refresh_tokens add column parent_hash text references refresh_tokens`.execute(db);
  await sql`create index refresh_tokens_parent on refresh_tokens (parent_hash)`.execute(db);
}
