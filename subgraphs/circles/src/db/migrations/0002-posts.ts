import { grantAppendOnly, grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What is said in circles, and what their teams do about it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table posts (
      id text primary key,
      circle_id text not null references circles,
      parent_id text references posts,
      author_id text not null,
      body text not null,
      pinned boolean not null default false,
      hidden_reason text,
      idempotency_key text not null,
      input_fingerprint text not null,
      created_at timestamptz not null default clock_timestamp(),
      constraint posts_author_key unique (author_id, idempotency_key)
    )`.execute(db);
  await sql`
    create index posts_of_circle on posts (circle_id, pinned desc, created_at desc, id desc)
    where parent_id is null`.execute(db);
  await sql`
    create index posts_comments on posts (parent_id, created_at, id) where parent_id is not null`.execute(db);
  await sql`
    create table reactions (
      post_id text not null references posts,
      user_id text not null,
      kind text not null,
      created_at timestamptz not null default clock_timestamp(),
      primary key (post_id, user_id, kind)
    )`.execute(db);
  await sql`
    create table moderation_log (
      id text primary key,
      circle_id text not null references circles,
      by_user_id text not null,
      action text not null,
      subject text not null,
      reason text not null,
      created_at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`
    create index moderation_log_of_circle on moderation_log (circle_id, created_at desc, id desc)`.execute(
    db,
  );
  await grantReadWrite(db, 'posts');
  await grantReadWrite(db, 'reactions');
  await grantAppendOnly(db, 'moderation_log');
}
