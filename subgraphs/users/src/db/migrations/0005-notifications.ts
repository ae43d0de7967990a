import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What people are told, without its wording: that is made in their language when they read it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notifications (
      id text primary key,
      person_id text not null references people,
      kind text not null,
      params jsonb not null,
      link text,
      source text,
      read_at timestamptz,
      created_at timestamptz not null default clock_timestamp(),
      constraint notifications_source unique (person_id, source)
    )`.execute(db);
  await sql`create index notifications_newest on notifications (person_id, created_at desc, id desc)`.execute(
    db,
  );
  await sql`
    create index notifications_unread on notifications (person_id, created_at desc, id desc)
    where read_at is null`.execute(db);
  await grantReadWrite(db, 'notifications');
}
