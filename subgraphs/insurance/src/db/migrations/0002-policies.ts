import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table quotes (
      id text primary key,
      owner_id text not null,
      holder_reference text not null,
      product_id text not null references products,
      product_code text not null,
      birth_year integer not null,
      region_code text not null,
      premium_minor bigint not null check (premium_minor >= 0),
      currency text not null,
      state text not null check (state in ('OPEN', 'BOUND', 'DECLINED', 'OPTED_OUT')),
      decline_reasons jsonb not null,
      expires_at timestamptz not null,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null,
      constraint quotes_key unique (owner_id, product_code, idempotency_key)
    )`.execute(db);
  await sql`create index quotes_owner on quotes (owner_id, created_at desc)`.execute(db);
  // What a person said of her health: kept apart, since no list and nobody but the insurer's underwriting reads it.
  await sql`
    create table quote_answers (quote_id text primary key references quotes, answers jsonb not null)`.execute(
    db,
  );
  await sql`
    create table policies (
      id text primary key,
      number text not null constraint policies_number unique,
      quote_id text not null constraint policies_quote unique references quotes,
      product_id text not null references products,
      owner_id text not null,
      holder_reference text not null,
      birth_year integer not null,
      region_code text not null,
      premium_minor bigint not null check (premium_minor > 0),
      currency text not null,
      state text not null check (state in ('PENDING_PAYMENT', 'ACTIVE', 'CANCELLED', 'LAPSED')),
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      cooling_off_until timestamptz not null,
      idempotency_key text not null,
      input_fingerprint text not null,
      cancel_reason text,
      cancel_key text,
      cancel_fingerprint text,
      created_at timestamptz not null
    )`.execute(db);
  await sql`create index policies_owner on policies (owner_id, created_at desc, id desc)`.execute(db);
  await grantReadWrite(db, 'quotes');
  await grantAppendOnly(db, 'quote_answers');
  await grantReadWrite(db, 'policies');
}
