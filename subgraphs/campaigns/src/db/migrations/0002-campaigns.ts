import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`
    create table campaigns (
      id text primary key,
      slug text not null constraint campaigns_slug unique,
      kind text not null,
      status text not null,
      status_reason text,
      title text not null,
      story text not null,
      cover_url text,
      organiser_id text not null,
      beneficiary_id text,
      beneficiary_named boolean not null default false,
      relation text,
      charity_id text,
      hospital_id text,
      goal_minor bigint not null check (goal_minor > 0),
      currency text not null,
      disease text,
      region_code text,
      created_at timestamptz not null default now(),
      went_live_at timestamptz,
      ends_at timestamptz,
      search_text text not null generated always as (lower(title || ' ' || slug || ' ' || story)) stored,
      check ((kind = 'PERSONAL_HELP') = (beneficiary_id is not null and relation is not null)),
      check ((kind = 'PUBLIC_FUNDRAISING') = (charity_id is not null))
    )`.execute(db);
  await sql`create index campaigns_newest on campaigns (status, created_at desc, id desc)`.execute(db);
  await sql`create index campaigns_ending on campaigns (status, ends_at, id) where ends_at is not null`.execute(
    db,
  );
  await sql`create index campaigns_organiser on campaigns (organiser_id, created_at desc, id desc)`.execute(
    db,
  );
  await sql`create index campaigns_charity on campaigns (charity_id, created_at desc, id desc)`.execute(db);
  await sql`create index campaigns_search on campaigns using gin (search_text gin_trgm_ops)`.execute(db);
  await sql`
    create table status_changes (
      campaign_id text not null references campaigns,
      ordinal integer not null,
      status text not null,
      reason text,
      actor_id text,
      created_at timestamptz not null default clock_timestamp(),
      primary key (campaign_id, ordinal)
    )`.execute(db);
  await sql`
    create table submissions (
      submitter_id text not null,
      key text not null,
      input_hash text not null,
      campaign_id text not null references campaigns deferrable initially deferred,
      primary key (submitter_id, key)
    )`.execute(db);
  await sql`
    create table audit_log (
      id text primary key,
      actor_id text not null,
      action text not null,
      subject text not null,
      reason text not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await grantReadWrite(db, 'campaigns');
  for (const table of ['status_changes', 'submissions', 'audit_log']) await grantAppendOnly(db, table);
}
