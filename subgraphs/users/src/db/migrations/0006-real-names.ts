import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** Checks of legal names, and the names that are verified: one account for one identity number. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table real_name_checks (
      id text primary key,
      person_id text not null references people,
      level text not null,
      state text not null,
      reason text,
      legal_name_encrypted bytea not null,
      id_number_encrypted bytea not null,
      id_number_fingerprint text not null,
      bank_card_encrypted bytea,
      provider_check_id text,
      challenge_url text,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      decided_at timestamptz,
      constraint real_name_checks_key unique (person_id, idempotency_key)
    )`.execute(db);
  await sql`create index real_name_checks_latest on real_name_checks (person_id, created_at desc, id desc)`.execute(
    db,
  );
  await sql`
    create table real_names (
      person_id text primary key references people,
      level text not null,
      factors text[] not null,
      legal_name_encrypted bytea not null,
      legal_name_masked text not null,
      id_number_encrypted bytea not null,
      id_number_fingerprint text not null constraint real_names_identity unique,
      verified_at timestamptz not null
    )`.execute(db);
  await grantReadWrite(db, 'real_name_checks');
  await grantReadWrite(db, 'real_names');
}
