import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What people agree to, what they did elsewhere, and how they want to be seen by it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table consents (
      person_id text not null references people,
      purpose text not null,
      text_version text not null,
      granted_at timestamptz,
      withdrawn_at timestamptz,
      primary key (person_id, purpose)
    )`.execute(db);
  await sql`
    create table consent_changes (
      position bigint generated always as identity primary key,
      person_id text not null references people,
      purpose text not null,
      text_version text not null,
      granted boolean not null,
      changed_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`
    create table person_facts (
      person_id text not null,
      kind text not null,
      key text not null,
      word text,
      happened_at timestamptz not null,
      primary key (person_id, kind, key)
    )`.execute(db);
  await sql`
    create table trust_due (
      position bigint generated always as identity primary key,
      person_id text not null
    )`.execute(db);
  await sql`
    create table known_campaigns (
      id text primary key,
      kind text not null
    )`.execute(db);
  await sql`
    create table portrait_settings (
      person_id text primary key references people,
      enabled boolean not null,
      hidden_tags text[] not null
    )`.execute(db);
  await grantAppendOnly(db, 'consent_changes');
  for (const table of ['consents', 'person_facts', 'trust_due', 'known_campaigns', 'portrait_settings'])
    await grantReadWrite(db, table);
}
