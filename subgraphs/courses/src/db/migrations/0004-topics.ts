import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table topics (
      id text primary key,
      name text not null,
      -- The name in small letters: one topic whatever the spelling.
      name_key text not null constraint topics_name_key unique,
      heat bigint not null default 0,
      post_heat double precision not null default 0,
      comment_heat double precision not null default 0,
      praise_heat double precision not null default 0,
      rank integer,
      peak_heat bigint not null default 0,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index topics_rank on topics (rank) where rank is not null`.execute(db);
  await sql`create index topics_warm on topics (id) where heat > 0`.execute(db);
  await sql`
    create table post_topics (
      post_id text not null references posts,
      topic_id text not null references topics,
      primary key (post_id, topic_id)
    )`.execute(db);
  await sql`create index post_topics_topic on post_topics (topic_id, post_id)`.execute(db);
  await sql`
    create table station_topics (
      station_id text not null references stations,
      topic_id text not null references topics,
      primary key (station_id, topic_id)
    )`.execute(db);
  // The key is the damping: one person counts once per topic and hour.
  await sql`
    create table heat_marks (
      topic_id text not null references topics,
      user_id text not null,
      hour timestamptz not null,
      kind text not null check (kind in ('POST', 'COMMENT', 'PRAISE')),
      weight integer not null,
      post_id text not null references posts,
      at timestamptz not null,
      primary key (topic_id, user_id, hour)
    )`.execute(db);
  await sql`create index heat_marks_at on heat_marks (at)`.execute(db);
  await sql`create index heat_marks_post on heat_marks (post_id)`.execute(db);
  await sql`
    create table heat_runs (
      id integer primary key check (id = 1),
      version bigint not null,
      as_of timestamptz not null
    )`.execute(db);
  await sql`insert into heat_runs values (1, 0, 'epoch')`.execute(db);
  for (const table of ['topics', 'post_topics', 'station_topics', 'heat_marks', 'heat_runs'])
    await grantReadWrite(db, table);
}
