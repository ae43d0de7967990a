import { grantReadOnly } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** A version of a product never changes, so the service may only read these tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table products (
      id text primary key,
      code text not null,
      version integer not null check (version > 0),
      insurer_id text not null,
      cover text not null,
      name jsonb not null,
      age_min integer not null,
      age_max integer not null,
      regions text[] not null,
      exclusions jsonb not null,
      questions jsonb not null,
      currency text not null,
      cooling_off_days integer not null check (cooling_off_days >= 0),
      quote_days integer not null check (quote_days > 0),
      created_at timestamptz not null default now(),
      check (age_min <= age_max),
      constraint products_code_version unique (code, version)
    )`.execute(db);
  await sql`
    create table rates (
      product_id text not null references products,
      age_from integer not null,
      age_to integer not null,
      region_code text,
      premium_minor bigint not null check (premium_minor > 0),
      constraint rates_key unique nulls not distinct (product_id, region_code, age_from),
      check (age_from <= age_to)
    )`.execute(db);
  // By content: whoever accepts a hash has accepted these very bytes, and the database refuses any others under it.
  await sql`
    create table documents (
      sha256 text primary key,
      text text not null,
      constraint documents_hash check (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex'))
    )`.execute(db);
  await sql`
    create table product_documents (
      product_id text not null references products,
      position integer not null,
      title jsonb not null,
      sha256 text not null references documents,
      primary key (product_id, position)
    )`.execute(db);
  for (const table of ['products', 'rates', 'documents', 'product_documents']) await grantReadOnly(db, table);
}
