import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** Organisations, who acts for them, and the log of what staff do. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`
    create table organisations (
      id text primary key,
      name text not null,
      kinds text[] not null,
      licence_number text,
      licence_from date,
      licence_to date,
      verified_at timestamptz,
      founder_id text not null references people,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      constraint organisations_founder_key unique (founder_id, idempotency_key),
      constraint organisations_licence check (num_nonnulls(licence_number, licence_from, licence_to) in (0, 3))
    )`.execute(db);
  await sql`create index organisations_by_name on organisations (name, id)`.execute(db);
  await sql`create index organisations_searched on organisations using gin (name gin_trgm_ops)`.execute(db);
  await sql`create index organisations_kinds on organisations using gin (kinds)`.execute(db);
  await sql`
    create table organisation_members (
      organisation_id text not null references organisations,
      person_id text not null references people,
      role text not null,
      since timestamptz not null default clock_timestamp(),
      primary key (organisation_id, person_id)
    )`.execute(db);
  await sql`
    create index organisation_members_page on organisation_members (organisation_id, since, person_id)`.execute(
    db,
  );
  await sql`create index organisation_members_person on organisation_members (person_id, since)`.execute(db);
  await sql`
    create table audit_entries (
      id text primary key,
      actor_id text not null references people,
      action text not null,
      subject text not null,
      reason text,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index audit_entries_newest on audit_entries (created_at desc, id desc)`.execute(db);
  await sql`create index audit_entries_subject on audit_entries (subject, created_at desc, id desc)`.execute(
    db,
  );
  await sql`create index audit_entries_actor on audit_entries (actor_id, created_at desc, id desc)`.execute(
    db,
  );
  await grantAppendOnly(db, 'audit_entries');
  await grantReadWrite(db, 'organisations');
  await grantReadWrite(db, 'organisation_members');
}
