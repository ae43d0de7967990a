import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table payments (
      id text primary key,
      payer_id text not null,
      policy_id text references policies,
      membership_id text references aid_memberships,
      minor bigint not null check (minor > 0),
      currency text not null,
      provider text not null,
      provider_key text not null constraint payments_provider_key unique,
      description text not null,
      state text not null check (state in ('INTENT', 'OPEN', 'PAID', 'MISPAID', 'CLOSED')),
      checkout_url text,
      expires_at timestamptz not null,
      provider_payment_id text,
      idempotency_key text not null,
      input_fingerprint text not null,
      look_at timestamptz not null,
      looks integer not null default 0,
      created_at timestamptz not null,
      check (num_nonnulls(policy_id, membership_id) = 1),
      constraint payments_membership_key unique (membership_id, idempotency_key)
    )`.execute(db);
  await sql`create index payments_policy on payments (policy_id)`.execute(db);
  await sql`create index payments_due on payments (look_at) where state in ('INTENT', 'OPEN')`.execute(db);
  await sql`
    create table suspense (
      id text primary key,
      payment_id text references payments,
      provider text not null,
      provider_key text not null,
      provider_payment_id text not null,
      minor bigint not null,
      currency text not null,
      reason text not null check (reason in ('WRONG_AMOUNT', 'PAID_AFTER_END', 'UNKNOWN_ORDER')),
      state text not null check (state in ('OPEN', 'RETURNING', 'RETURNED', 'HELD')),
      look_at timestamptz not null,
      looks integer not null default 0,
      created_at timestamptz not null,
      constraint suspense_payment unique (provider, provider_payment_id)
    )`.execute(db);
  await sql`create index suspense_due on suspense (look_at) where state = 'OPEN'`.execute(db);
  await sql`
    create table refunds (
      id text primary key,
      payment_id text references payments,
      suspense_id text references suspense,
      provider text not null,
      provider_key text not null constraint refunds_provider_key unique,
      provider_payment_id text not null,
      minor bigint not null check (minor > 0),
      currency text not null,
      reason text not null,
      state text not null check (state in ('REQUESTED', 'REFUNDED', 'REFUSED')),
      look_at timestamptz not null,
      looks integer not null default 0,
      created_at timestamptz not null
    )`.execute(db);
  await sql`create index refunds_due on refunds (look_at) where state = 'REQUESTED'`.execute(db);
  await sql`create index refunds_payment on refunds (payment_id)`.execute(db);
  // One row for each thing that happened at the provider, by its own number of it: told twice, written once.
  await sql`
    create table payment_facts (
      provider text not null,
      provider_event_id text not null,
      kind text not null check (kind in ('INTENT', 'PAID', 'REFUND_REQUESTED', 'REFUNDED')),
      payment_id text references payments,
      minor bigint not null,
      currency text not null,
      occurred_at timestamptz not null,
      recorded_at timestamptz not null default clock_timestamp(),
      constraint payment_facts_event primary key (provider, provider_event_id, kind)
    )`.execute(db);
  await sql`
    create table aid_entries (
      id text primary key,
      membership_id text not null references aid_memberships,
      kind text not null,
      minor bigint not null,
      payment_id text constraint aid_entries_payment unique references payments,
      refund_id text constraint aid_entries_refund unique references refunds,
      created_at timestamptz not null,
      check (num_nonnulls(payment_id, refund_id) = 1),
      check ((kind = 'PAID_IN' and minor > 0 and payment_id is not null)
        or (kind = 'RETURNED' and minor < 0 and refund_id is not null))
    )`.execute(db);
  await sql`create index aid_entries_membership on aid_entries (membership_id)`.execute(db);
  for (const table of ['payments', 'suspense', 'refunds']) await grantReadWrite(db, table);
  for (const table of ['payment_facts', 'aid_entries']) await grantAppendOnly(db, table);
}
