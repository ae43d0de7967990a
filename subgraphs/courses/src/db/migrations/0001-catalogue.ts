import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createSearchFunctions(db);
  await sql`
    create table instructors (
      id text primary key,
      user_id text not null constraint instructors_user_key unique,
      bio text not null,
      crafts text[] not null,
      verified_at timestamptz,
      created_at timestamptz not null default now()
    )`.execute(db);
  await createCourses(db);
  await sql`
    create table enrolments (
      id text primary key,
      course_id text not null references courses,
      user_id text not null,
      state text not null check (state in ('ENROLLED', 'WAITLISTED', 'LEFT')),
      -- Who came first: drawn under the lock of the course, so that it grows as the list does.
      waitlist_ticket bigint generated always as identity,
      created_at timestamptz not null default now(),
      constraint enrolments_course_user_key unique (course_id, user_id)
    )`.execute(db);
  await sql`
    create index enrolments_waitlist on enrolments (course_id, waitlist_ticket)
      where state = 'WAITLISTED'`.execute(db);
  await sql`create index enrolments_user on enrolments (user_id, created_at desc, id desc)`.execute(db);
  await sql`
    create table idempotency_keys (
      author_id text not null,
      key text not null,
      input_fingerprint text not null,
      result_id text,
      created_at timestamptz not null default now(),
      primary key (author_id, key)
    )`.execute(db);
  for (const table of ['instructors', 'courses', 'enrolments', 'idempotency_keys'])
    await grantReadWrite(db, table);
}

/**
 * `search_fold` makes one spelling of what looks alike: full width, capitals, accents. `search_grams` gives all single
 * characters and pairs of a folded text: trigrams know nothing of one or two characters, which is what most Chinese words
 * are, and under some locales nothing of Chinese at all.
 */
async function createSearchFunctions(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm with schema public`.execute(db);
  await sql`create extension if not exists unaccent with schema public`.execute(db);
  // unaccent is only stable because dictionaries can be changed; this one comes with the server.
  await sql`
    create function search_fold(value text) returns text language sql immutable strict parallel safe
      return lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, NFKC)))`.execute(db);
  await sql`
    create function search_grams(folded text) returns text[] language sql immutable strict parallel safe as $$
      select coalesce(array_agg(distinct gram), '{}')
      from (select string_to_array(folded, null) as letters) as text_letters,
        generate_subscripts(letters, 1) as place,
        lateral (values (letters[place]), (letters[place] || letters[place + 1])) as grams (gram)
      where gram is not null and gram !~ '[[:space:]]'
    $$`.execute(db);
}

async function createCourses(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table courses (
      id text primary key,
      instructor_id text not null references instructors,
      title text not null,
      summary text not null,
      -- Words of the craft in both languages, so that a search for them finds the course.
      keywords text not null,
      craft text not null,
      state text not null default 'DRAFT' check (state in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
      capacity bigint check (capacity > 0),
      enrolled_count bigint not null default 0,
      created_at timestamptz not null default now(),
      title_text text not null generated always as (search_fold(title)) stored,
      search_text text not null
        generated always as (search_fold(title || ' ' || keywords || ' ' || summary)) stored,
      search_grams text[] not null
        generated always as (search_grams(search_fold(title || ' ' || keywords || ' ' || summary))) stored,
      constraint courses_capacity check (enrolled_count between 0 and coalesce(capacity, enrolled_count))
    )`.execute(db);
  await sql`create index courses_instructor on courses (instructor_id, created_at desc, id desc)`.execute(db);
  await sql`
    create index courses_catalogue on courses (created_at desc, id desc) where state = 'PUBLISHED'`.execute(
    db,
  );
  await sql`
    create index courses_craft on courses (craft, created_at desc, id desc) where state = 'PUBLISHED'`.execute(
    db,
  );
  await sql`create index courses_grams on courses using gin (search_grams)`.execute(db);
  await sql`create index courses_trigrams on courses using gin (search_text gin_trgm_ops)`.execute(db);
}
