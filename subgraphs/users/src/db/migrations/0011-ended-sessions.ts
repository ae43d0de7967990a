import { sql, type Kysely } from 'kysely';

/** What has ended is found by its end, and goes though something that ended later still names it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table refresh_tokens
      drop constraint refresh_tokens_parent_hash_fkey,
      add constraint refresh_tokens_parent foreign key (parent_hash) references refresh_tokens on delete set null
    `.execute(db);
  await sql`create index refresh_tokens_end on refresh_tokens (expires_at)`.execute(db);
  await sql`create index sign_in_codes_end on sign_in_codes (expires_at)`.execute(db);
  await sql`create index devices_seen on devices (last_seen_at)`.execute(db);
}
