import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** Circles, who belongs to them, and what they point to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`
    create table circles (
      id text primary key,
      name text not null,
      about text not null,
      theme text not null,
      access text not null,
      operator_user_id text,
      operator_organisation_id text,
      trust_currency text[] not null,
      tags text[] not null,
      real_name_level text not null,
      trust_band text,
      join_questions text[] not null,
      member_count bigint not null default 0 constraint circles_member_count check (member_count >= 0),
      founder_id text not null,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      searched text not null generated always as (name || ' ' || about) stored,
      constraint circles_one_operator check (num_nonnulls(operator_user_id, operator_organisation_id) = 1),
      constraint circles_founder_key unique (founder_id, idempotency_key)
    )`.execute(db);
  await sql`create index circles_newest on circles (created_at desc, id desc)`.execute(db);
  await sql`create index circles_theme on circles (theme, created_at desc, id desc)`.execute(db);
  await sql`create index circles_searched on circles using gin (searched gin_trgm_ops)`.execute(db);
  await sql`create index circles_tags on circles using gin (tags)`.execute(db);
  await sql`
    create index circles_organisation on circles (operator_organisation_id, created_at desc, id desc)
    where operator_organisation_id is not null`.execute(db);
  await sql`
    create table memberships (
      id text primary key,
      circle_id text not null references circles,
      user_id text not null,
      role text not null,
      state text not null,
      reason text,
      answers text[] not null,
      returns_muted boolean not null default false,
      created_at timestamptz not null default clock_timestamp(),
      since timestamptz not null default clock_timestamp(),
      constraint memberships_person unique (circle_id, user_id)
    )`.execute(db);
  await sql`create index memberships_of_circle on memberships (circle_id, state, since, id)`.execute(db);
  await sql`create index memberships_of_person on memberships (user_id, created_at desc, id desc)`.execute(
    db,
  );
  await sql`
    create table backings (
      circle_id text not null references circles,
      campaign_id text not null,
      since timestamptz not null default clock_timestamp(),
      primary key (circle_id, campaign_id)
    )`.execute(db);
  await sql`create index backings_of_circle on backings (circle_id, since desc, campaign_id desc)`.execute(
    db,
  );
  await sql`create index backings_of_campaign on backings (campaign_id, since, circle_id)`.execute(db);
  await sql`
    create table station_links (
      station_id text primary key,
      circle_id text not null references circles,
      since timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index station_links_of_circle on station_links (circle_id, since, station_id)`.execute(db);
  await sql`
    create table circle_links (
      from_id text not null references circles,
      to_id text not null references circles,
      direction text not null,
      since timestamptz not null default clock_timestamp(),
      primary key (from_id, to_id),
      constraint circle_links_other check (from_id <> to_id)
    )`.execute(db);
  for (const table of ['circles', 'memberships', 'backings', 'station_links', 'circle_links'])
    await grantReadWrite(db, table);
}
