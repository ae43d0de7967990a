import { insertMany } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import {
  createTestDatabase,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type TestSubgraph,
} from '@banyan/kit/testing';
import { createApp, type CoursesApp } from '../src/app.ts';
import type { Services } from '../src/context.ts';
import { migrations } from '../src/db/migrations/migrations.ts';

/** A verified instructor with a station. */
export interface Teacher {
  id: string;
  instructorId: string;
  stationId: string;
}

export interface CoursesUnderTest extends TestSubgraph {
  app: CoursesApp;
  db: Services['db'];
  /** The time that the subgraph goes by; tests set it. */
  clock: { now: Date };
  addTeacher(options?: { verified?: boolean }): Promise<Teacher>;
  /** A published course of a teacher, made and published through the graph. */
  addCourse(
    teacher: Teacher,
    options?: { capacity?: number; title?: string; summary?: string; craft?: string },
  ): Promise<string>;
  /** A live session of a course. */
  addLiveSession(teacher: Teacher, courseId: string): Promise<string>;
}

/** The courses subgraph on a database of its own; heat is reckoned when a test asks for it. */
export async function startCourses(
  options: { withoutRedis?: boolean; now?: Date } & Partial<Pick<Services, 'limits'>> = {},
): Promise<CoursesUnderTest> {
  const database = await createTestDatabase({ name: 'courses', migrations });
  const redisUrl = hasRedis() && options.withoutRedis !== true ? await testRedis() : undefined;
  const clock = { now: options.now ?? new Date() };
  const app = createApp(testConfig({ databaseUrl: database.url, redisUrl }), {
    now: () => clock.now,
    heatClock: { start: () => undefined, stop: () => Promise.resolve() },
    ...(options.limits && { limits: options.limits }),
  });
  const running = await startTestSubgraph('courses', app);
  const { db } = app.services;
  return {
    ...running,
    app,
    db,
    clock,
    ...fixtures(running, db, clock),
    async stop() {
      await running.stop();
      await database.drop();
    },
  };
}

function fixtures(
  { ask }: TestSubgraph,
  db: Services['db'],
  clock: { now: Date },
): Pick<CoursesUnderTest, 'addTeacher' | 'addCourse' | 'addLiveSession'> {
  return {
    async addTeacher({ verified = true } = {}) {
      const teacher = { id: newId('usr'), instructorId: newId('itr'), stationId: newId('stn') };
      await insertMany(db, 'instructors', [
        {
          id: teacher.instructorId,
          user_id: teacher.id,
          bio: 'Teaches.',
          crafts: ['VOCAL'],
          verified_at: verified ? clock.now : null,
        },
      ]);
      await insertMany(db, 'stations', [
        { id: teacher.stationId, instructor_id: teacher.instructorId, name: 'Station' },
      ]);
      return teacher;
    },
    async addCourse(teacher, { title = 'Singing', summary = 'Songs.', craft = 'VOCAL', capacity } = {}) {
      const input = { title, summary, craft, capacity, idempotencyKey: newId('key') };
      const made = await ask<CourseData>(createCourse, { input }, teacher);
      const courseId = made.data.createCourse?.course?.id;
      if (courseId === undefined) throw new Error(JSON.stringify(made));
      await ask(updateCourse, { input: { courseId, state: 'PUBLISHED' } }, teacher);
      return courseId;
    },
    async addLiveSession(teacher, courseId) {
      const startsAt = new Date(clock.now.getTime() + 60_000).toISOString();
      const input = { courseId, startsAt, idempotencyKey: newId('key') };
      const made = await ask<{ scheduleSession: { session: { id: string } | null } }>(
        scheduleSession,
        { input },
        teacher,
      );
      const sessionId = made.data.scheduleSession.session?.id;
      if (sessionId === undefined) throw new Error(JSON.stringify(made));
      await ask(changeSessionState, { input: { sessionId, state: 'LIVE' } }, teacher);
      return sessionId;
    },
  };
}

export interface UserErrors {
  userErrors: { code: string; field: string[] | null; message: string }[];
}

export interface CourseData {
  createCourse?: UserErrors & { course: { id: string; title: string; state: string } | null };
}

const userErrors = 'userErrors { code field message }';

export const createCourse = /* GraphQL */ `
  mutation ($input: CreateCourseInput!) {
    createCourse(input: $input) { course { id title state } ${userErrors} }
  }
`;
export const updateCourse = /* GraphQL */ `
  mutation ($input: UpdateCourseInput!) {
    updateCourse(input: $input) { course { id title state capacity enrolledCount } ${userErrors} }
  }
`;
export const scheduleSession = /* GraphQL */ `
  mutation ($input: ScheduleSessionInput!) {
    scheduleSession(input: $input) { session { id state startsAt } ${userErrors} }
  }
`;
export const changeSessionState = /* GraphQL */ `
  mutation ($input: ChangeSessionStateInput!) {
    changeSessionState(input: $input) { session { id state endedAt } ${userErrors} }
  }
`;
export const createPost = /* GraphQL */ `
  mutation ($input: CreatePostInput!) {
    createPost(input: $input) { post { id body station { id } topics { name } } ${userErrors} }
  }
`;
export interface PostData {
  createPost: UserErrors & { post: { id: string; body: string; topics: { name: string }[] } | null };
}
