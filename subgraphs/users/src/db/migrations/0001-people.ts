import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table people (
      id text primary key,
      phone_fingerprint text not null constraint people_phone_key unique,
      phone_encrypted bytea not null,
      phone_masked text not null,
      display_name text not null,
      social_title text,
      avatar_url text,
      birth_year integer,
      region_code text,
      language text not null,
      real_name_level text not null default 'NONE',
      trust_band text not null default 'FAIR',
      joined_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table staff_roles (
      person_id text not null references people,
      role text not null,
      primary key (person_id, role)
    )`.execute(db);
  await sql`
    create table sign_in_codes (
      phone_fingerprint text primary key,
      code_hash text not null,
      expires_at timestamptz not null,
      attempts integer not null
    )`.execute(db);
  await sql`
    create table devices (
      id text primary key,
      person_id text not null references people,
      name text not null,
      last_seen_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
  await sql`create index devices_person on devices (person_id) where revoked_at is null`.execute(db);
  await sql`
    create table refresh_tokens (
      token_hash text primary key,
      device_id text not null references devices,
      expires_at timestamptz not null,
      used_at timestamptz
    )`.execute(db);
  await sql`create index refresh_tokens_device on refresh_tokens (device_id)`.execute(db);
  for (const table of ['people', 'staff_roles', 'sign_in_codes', 'devices', 'refresh_tokens'])
    await grantReadWrite(db, table);
}
