import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table live_sessions (
      id text primary key,
      course_id text not null references courses,
      state text not null default 'SCHEDULED' check (state in ('SCHEDULED', 'LIVE', 'ENDED', 'CANCELLED')),
      starts_at timestamptz not null,
      ended_at timestamptz,
      -- Grows by one with every change of the microphone queue.
      mic_version bigint not null default 0
    )`.execute(db);
  await sql`create index live_sessions_course on live_sessions (course_id, starts_at, id)`.execute(db);
  await sql`create index live_sessions_state on live_sessions (state, starts_at, id)`.execute(db);
  await sql`
    create table mic_entries (
      id text primary key,
      session_id text not null references live_sessions,
      user_id text not null,
      ordinal bigint generated always as identity,
      first_time boolean not null,
      state text not null default 'WAITING'
        check (state in ('WAITING', 'ON_AIR', 'DONE', 'LEFT', 'SKIPPED')),
      raised_at timestamptz not null,
      on_air_at timestamptz,
      turn_ends_at timestamptz,
      ended_at timestamptz,
      -- The order of the queue: who speaks, then those who have not spoken yet, then the others.
      queue_rank integer not null generated always as (
        case when state = 'ON_AIR' then 0 when state = 'WAITING' and first_time then 1
          when state = 'WAITING' then 2 else 3 end) stored
    )`.execute(db);
  await sql`
    create unique index mic_entries_one_each on mic_entries (session_id, user_id)
      where state in ('WAITING', 'ON_AIR')`.execute(db);
  await sql`
    create unique index mic_entries_one_speaks on mic_entries (session_id) where state = 'ON_AIR'`.execute(
    db,
  );
  await sql`create index mic_entries_queue on mic_entries (session_id, queue_rank, ordinal)`.execute(db);
  await sql`
    create index mic_entries_spoken on mic_entries (session_id, ended_at desc) where state = 'DONE'`.execute(
    db,
  );
  for (const table of ['live_sessions', 'mic_entries']) await grantReadWrite(db, table);
}
