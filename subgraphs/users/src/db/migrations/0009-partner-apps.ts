import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** The apps of partners, and the keys by which they ask. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table partner_apps (
      id text primary key,
      organisation_id text not null references organisations,
      name text not null,
      scopes text[] not null,
      sandbox boolean not null,
      creator_id text not null references people,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      constraint partner_apps_key unique (organisation_id, idempotency_key)
    )`.execute(db);
  await sql`
    create table api_keys (
      id text primary key,
      app_id text not null references partner_apps,
      prefix text not null,
      secret_hash text not null constraint api_keys_secret unique,
      scopes text[] not null,
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      constraint api_keys_key unique (app_id, idempotency_key)
    )`.execute(db);
  await sql`create index api_keys_newest on api_keys (app_id, created_at desc)`.execute(db);
  await grantReadWrite(db, 'partner_apps');
  await grantReadWrite(db, 'api_keys');
}
