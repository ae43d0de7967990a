import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table stations (
      id text primary key,
      instructor_id text not null constraint stations_instructor_key unique references instructors,
      name text not null,
      member_count bigint not null default 0,
      slow_mode_seconds integer not null default 0 check (slow_mode_seconds >= 0),
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table station_members (
      station_id text not null references stations,
      user_id text not null,
      joined_at timestamptz not null default now(),
      last_posted_at timestamptz,
      primary key (station_id, user_id)
    )`.execute(db);
  await sql`
    create table mutes (
      station_id text not null references stations,
      user_id text not null,
      -- Null: for good.
      until timestamptz,
      reason text not null,
      muted_by text not null,
      created_at timestamptz not null default now(),
      primary key (station_id, user_id)
    )`.execute(db);
  await createPosts(db);
  await sql`
    create table praises (
      post_id text not null references posts,
      user_id text not null,
      given_at timestamptz not null default now(),
      -- A praise that was withdrawn and given again is no news.
      withdrawn_at timestamptz,
      primary key (post_id, user_id)
    )`.execute(db);
  await sql`
    create table reports (
      id text primary key,
      post_id text not null references posts,
      reporter_id text not null,
      body text not null,
      created_at timestamptz not null default now(),
      constraint reports_post_reporter_key unique (post_id, reporter_id)
    )`.execute(db);
  for (const table of ['stations', 'station_members', 'mutes', 'posts', 'praises', 'reports'])
    await grantReadWrite(db, table);
}

/**
 * The order HOT: weight of a post times its decay (half every 12 hours), as a logarithm, so that it needs no recomputing:
 * what decays at one rate keeps its order.
 */
async function createPosts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function post_hot_score(praise_count bigint, comment_count bigint, created_at timestamptz)
      returns double precision language sql immutable strict parallel safe
      return ln(1 + praise_count + 2 * comment_count::double precision) / ln(2::double precision)
        + extract(epoch from created_at)::double precision / 43200`.execute(db);
  await sql`
    create table posts (
      id text primary key,
      author_id text not null,
      station_id text references stations,
      parent_id text references posts,
      kind text not null check (kind in ('TEXT')),
      body text not null,
      praise_count bigint not null default 0 check (praise_count >= 0),
      comment_count bigint not null default 0 check (comment_count >= 0),
      ordinal bigint generated always as identity,
      created_at timestamptz not null default now(),
      hidden_at timestamptz,
      hidden_by text,
      hidden_reason text,
      hot_score double precision not null
        generated always as (post_hot_score(praise_count, comment_count, created_at)) stored
    )`.execute(db);
  for (const [name, columns, condition] of [
    ['posts_station_new', 'station_id, ordinal desc', 'parent_id is null'],
    ['posts_station_hot', 'station_id, hot_score desc, ordinal desc', 'parent_id is null'],
    ['posts_author', 'author_id, ordinal desc', 'parent_id is null'],
    ['posts_comments', 'parent_id, ordinal', 'parent_id is not null'],
  ] as const) {
    await sql`create index ${sql.ref(name)} on posts (${sql.raw(columns)})
      where ${sql.raw(condition)} and hidden_at is null`.execute(db);
  }
}
