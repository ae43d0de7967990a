import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table review_cases (
      id text primary key,
      campaign_id text not null constraint review_cases_campaign unique references campaigns,
      due_at timestamptz not null,
      closed_at timestamptz,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index review_cases_queue on review_cases (due_at, id) where closed_at is null`.execute(db);
  await sql`
    create table review_gates (
      case_id text not null references review_cases,
      kind text not null,
      state text not null default 'OPEN',
      decided_by text,
      decided_at timestamptz,
      reason text,
      primary key (case_id, kind)
    )`.execute(db);
  await sql`
    create table gate_decisions (
      id text primary key,
      case_id text not null references review_cases,
      kind text not null,
      state text not null,
      decided_by text not null,
      reason text not null,
      decided_at timestamptz not null
    )`.execute(db);
  await sql`create index gate_decisions_case on gate_decisions (case_id)`.execute(db);
  await grantReadWrite(db, 'review_cases');
  await grantReadWrite(db, 'review_gates');
  await grantAppendOnly(db, 'gate_decisions');
}
