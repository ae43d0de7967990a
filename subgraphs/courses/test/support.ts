import { createDatabase, insertMany } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import {
  createMutations,
  createTestDatabase,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type Mutations,
  type TestSubgraph,
  type UserErrors,
} from '@banyan/kit/testing';
import { seedDay } from '@banyan/seed';
import { createApp, type CoursesApp } from '../src/app.ts';
import type { Services } from '../src/context.ts';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { seedCourses } from '../src/seed/seed-courses.ts';

/** A verified instructor with a station. */
export interface Teacher {
  id: string;
  instructorId: string;
  stationId: string;
}

/** Inputs that several mutations share. */
const inputTypes: Readonly<Record<string, string>> = {
  raiseHand: 'SessionInput',
  lowerHand: 'SessionInput',
  inviteToMic: 'MicEntryInput',
  skipMicTurn: 'MicEntryInput',
  endMicTurn: 'MicEntryInput',
  joinStation: 'StationInput',
  leaveStation: 'StationInput',
  praise: 'PostInput',
  withdrawPraise: 'PostInput',
};

export interface CoursesUnderTest extends TestSubgraph, Mutations {
  app: CoursesApp;
  databaseUrl: string;
  db: Services['db'];
  /** Ends this process and starts another on the same database. */
  restart(): Promise<TestSubgraph>;
  /** The time that the subgraph goes by; tests set it. */
  clock: { now: Date };
  addTeacher(options?: { verified?: boolean }): Promise<Teacher>;
  /** A published course of a teacher, made and published through the graph. */
  addCourse(
    teacher: Teacher,
    options?: { capacity?: number; title?: string; summary?: string; craft?: string },
  ): Promise<string>;
  /** What the subgraph has told of somebody or something, in order. */
  told(about: string, type?: string): Promise<{ type: string; payload: Record<string, unknown> }[]>;
  /** A live session of a course. */
  addLiveSession(teacher: Teacher, courseId: string): Promise<string>;
}

/** The courses subgraph on a database of its own; heat is reckoned when a test asks for it. */
export async function startCourses(
  options: { withoutRedis?: boolean; seeded?: boolean } & Partial<Pick<Services, 'limits'>> = {},
): Promise<CoursesUnderTest> {
  const database = await createTestDatabase({
    name: 'courses',
    migrations,
    ...(options.seeded === true && { seed: loadSeed, seedName: 'seeded' }),
  });
  const redisUrl = hasRedis() && options.withoutRedis !== true ? await testRedis() : undefined;
  const clock = { now: new Date() };
  const start = () =>
    createApp(testConfig({ databaseUrl: database.url, redisUrl }), {
      now: () => clock.now,
      jobs: { start: () => undefined, stop: () => Promise.resolve() },
      ...(options.limits && { limits: options.limits }),
    });
  const app = start();
  const running = await startTestSubgraph('courses', app);
  let current: TestSubgraph = running;
  const { db } = app.services;
  return {
    ...running,
    ...createMutations(running, inputTypes),
    databaseUrl: database.url,
    app,
    db,
    clock,
    told: async (about, type) => {
      // The feed holds events back while any older transaction runs, of whatever test: the outbox does not.
      const rows = await db.selectFrom('outbox').select(['type', 'payload']).orderBy('position').execute();
      return rows.filter(
        (row) => Object.values(row.payload).includes(about) && (type === undefined || row.type === type),
      );
    },
    ...fixtures(running, db, clock),
    async restart() {
      await current.stop();
      current = await startTestSubgraph('courses', start());
      return current;
    },
    async stop() {
      await current.stop();
      await database.drop();
    },
  };
}

async function loadSeed(ownerUrl: string): Promise<void> {
  const database = createDatabase<Database>({ url: ownerUrl });
  try {
    await seedCourses(database.db, seedDay());
  } finally {
    await database.destroy();
  }
}

function fixtures(
  { ask }: Pick<TestSubgraph, 'ask'>,
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

export const newPerson = () => ({ id: newId('usr') as string });

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
const changeSessionState = /* GraphQL */ `
  mutation ($input: ChangeSessionStateInput!) {
    changeSessionState(input: $input) { session { id state endedAt } ${userErrors} }
  }
`;
