import { createDatabase, type Database as OpenDatabase } from '@banyan/kit/database';
import { createTestDatabase, type TestDatabase } from '@banyan/kit/testing';
import { counts, instructors, personas, personOf, seedDay } from '@banyan/seed';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { seedCourses } from '../src/seed/seed-courses.ts';

let target: TestDatabase;
let database: OpenDatabase<Database>;
beforeAll(async () => {
  target = await createTestDatabase({ name: 'courses', migrations });
  database = createDatabase<Database>({ url: target.ownerUrl });
  await seedCourses(database.db, seedDay());
});
afterAll(async () => {
  await database.destroy();
  await target.drop();
});

async function count(what: string): Promise<number> {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from ${sql.raw(what)}`.execute(database.db);
  return Number(rows[0]?.n);
}

test('the seed is large enough to look at', async () => {
  const sizes = {
    courses: await count('courses'),
    instructors: await count('instructors'),
    stations: await count('stations'),
    enrolments: await count('enrolments'),
    waitlisted: await count(`enrolments where state = 'WAITLISTED'`),
    posts: await count('posts'),
    praises: await count('praises'),
    marks: await count('heat_marks'),
    ranked: await count('topics where rank is not null'),
    events: await count('outbox'),
  };
  expect(sizes).toMatchObject({ courses: counts.courses, instructors: counts.instructors, stations: 40 });
  expect(sizes.enrolments).toBeGreaterThan(7_500);
  expect(sizes.waitlisted).toBeGreaterThan(100);
  expect(sizes.posts).toBeGreaterThan(3_500);
  expect(sizes.ranked).toBeGreaterThan(30);
  expect(sizes.events).toBe(sizes.enrolments + instructors.length);
});

test.each([
  [
    'a course is full beyond its capacity, or counts others than it has',
    `courses where enrolled_count > capacity or enrolled_count <>
      (select count(*) from enrolments where course_id = courses.id and state = 'ENROLLED')`,
  ],
  [
    'somebody waits while a seat is free',
    `courses where enrolled_count < capacity and exists
      (select from enrolments where course_id = courses.id and state = 'WAITLISTED')`,
  ],
  [
    'a post counts other praises than it has',
    `posts where praise_count <> (select count(*) from praises where post_id = posts.id)`,
  ],
  [
    'a post counts other comments than it has',
    `posts where comment_count <> (select count(*) from posts child where child.parent_id = posts.id)`,
  ],
  [
    'a station counts other members than it has',
    `stations where member_count <> (select count(*) from station_members where station_id = stations.id)`,
  ],
  [
    'somebody writes in a station without belonging to it',
    `posts where station_id is not null and not exists (select from station_members
      where station_members.station_id = posts.station_id and user_id = author_id)`,
  ],
  ['somebody praises himself', `praises join posts on posts.id = post_id where author_id = user_id`],
  ['something was done in the future', `posts where created_at > now()`],
  ['a session ahead lies behind', `live_sessions where state = 'SCHEDULED' and starts_at < now()`],
  ['a topic is hotter than ever', `topics where heat > peak_heat`],
])('nowhere in the seed %s', async (_promise, offenders) => {
  expect(await count(offenders)).toBe(0);
});

test('one session is live, with the learner in its queue, and topics have cooled from their peaks', async () => {
  expect(await count(`live_sessions where state = 'LIVE'`)).toBe(1);
  expect(await count(`mic_entries where state = 'WAITING'`)).toBeGreaterThan(10);
  const learner = personOf(personas.learner.number).id;
  expect(await count(`mic_entries where state = 'WAITING' and user_id = '${learner}'`)).toBe(1);
  expect(await count(`topics where heat < peak_heat`)).toBeGreaterThan(5);
});
