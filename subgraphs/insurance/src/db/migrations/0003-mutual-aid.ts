import { grantReadOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table aid_plans (
      id text primary key,
      name jsonb not null,
      cover text not null,
      funding text not null check (funding in ('PREPAID', 'POST_SHARE')),
      state text not null check (state in ('OPEN', 'CLOSED_TO_NEW', 'WINDING_DOWN', 'CLOSED')),
      waiting_days integer not null check (waiting_days >= 0),
      currency text not null,
      share_cap_minor bigint not null check (share_cap_minor > 0),
      least_amount_minor bigint not null,
      conditions jsonb not null,
      age_min integer not null,
      age_max integer not null,
      regions text[] not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  // A plan has tens of millions of members, and on a good day many join at once: no one row that they all update.
  await sql`
    create table aid_member_counts (
      plan_id text not null references aid_plans,
      slot smallint not null,
      members bigint not null,
      primary key (plan_id, slot)
    )`.execute(db);
  await sql`
    create table aid_memberships (
      id text primary key,
      plan_id text not null references aid_plans,
      user_id text not null,
      state text not null check (state in ('AWAITING_PAYMENT', 'JOINED', 'EXITED')),
      covered_from timestamptz not null,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null,
      exited_at timestamptz,
      constraint aid_memberships_key unique (user_id, plan_id, idempotency_key)
    )`.execute(db);
  await sql`
    create unique index aid_memberships_one_live on aid_memberships (plan_id, user_id)
    where state <> 'EXITED'`.execute(db);
  await sql`create index aid_memberships_user on aid_memberships (user_id)`.execute(db);
  await grantReadOnly(db, 'aid_plans');
  await grantReadWrite(db, 'aid_member_counts');
  await grantReadWrite(db, 'aid_memberships');
}
