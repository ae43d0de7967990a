import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeSeats, seatFor } from '../src/domain/seats.ts';
import { newPerson, startCourses } from './support.ts';

const courses = await sharedByTests(startCourses());
const teacher = await courses.addTeacher();

interface Enrolled {
  enrolment: { id: string; state: string; waitlistPlace: number | null } | null;
}
const enrol = (courseId: string, as: { id: string }, key: string = newId('key')) =>
  courses.act<Enrolled>(
    'enrol',
    { courseId, idempotencyKey: key },
    as,
    'enrolment { id state waitlistPlace }',
  );
const leave = (courseId: string, as: { id: string }) =>
  courses.act<Enrolled>('leaveCourse', { courseId }, as, 'enrolment { id state }');
const own = async (courseId: string, as: { id: string }) => {
  const query = 'query ($id: ID!) { course(id: $id) { enrolledCount myEnrolment { state waitlistPlace } } }';
  const { data } = await courses.ask<{
    course: { enrolledCount: string; myEnrolment: { state: string; waitlistPlace: number | null } | null };
  }>(query, { id: courseId }, as);
  return data.course;
};

test('one tap gives a seat, and one more tap nothing more', async () => {
  const courseId = await courses.addCourse(teacher, { capacity: 2 });
  const learner = newPerson();
  const first = await enrol(courseId, learner, 'k');
  const retry = await enrol(courseId, learner, 'k');
  const again = await enrol(courseId, learner, 'other');
  expect(first.enrolment?.state).toBe('ENROLLED');
  expect([retry.enrolment?.id, again.enrolment?.id]).toEqual([first.enrolment?.id, first.enrolment?.id]);
  expect(await own(courseId, learner)).toMatchObject({ enrolledCount: '1' });
});

test('who comes to a full course waits, and who leaves gives the seat to the first who waits', async () => {
  const courseId = await courses.addCourse(teacher, { capacity: 1 });
  const [a, b, c, d] = [newPerson(), newPerson(), newPerson(), newPerson()];
  await enrol(courseId, a);
  expect((await enrol(courseId, b)).enrolment).toMatchObject({ state: 'WAITLISTED', waitlistPlace: 1 });
  expect((await enrol(courseId, c)).enrolment).toMatchObject({ state: 'WAITLISTED', waitlistPlace: 2 });
  expect((await enrol(courseId, d)).enrolment).toMatchObject({ state: 'WAITLISTED', waitlistPlace: 3 });
  await leave(courseId, b);
  expect((await own(courseId, c)).myEnrolment).toEqual({ state: 'WAITLISTED', waitlistPlace: 1 });
  await leave(courseId, a);
  expect((await own(courseId, c)).myEnrolment).toEqual({ state: 'ENROLLED', waitlistPlace: null });
  expect(await own(courseId, d)).toEqual({
    enrolledCount: '1',
    myEnrolment: { state: 'WAITLISTED', waitlistPlace: 1 },
  });
  // Who left and comes back stands at the end.
  expect((await enrol(courseId, b)).enrolment).toMatchObject({ state: 'WAITLISTED', waitlistPlace: 2 });
});

test('new seats go to those who wait; fewer than are taken are refused', async () => {
  const courseId = await courses.addCourse(teacher, { capacity: 1 });
  const learners = [newPerson(), newPerson(), newPerson()];
  for (const learner of learners) await enrol(courseId, learner);
  expect(await courses.codes('updateCourse', { courseId, capacity: 2 }, teacher)).toEqual([]);
  const states = await Promise.all(
    learners.map(async (each) => (await own(courseId, each)).myEnrolment?.state),
  );
  expect(states).toEqual(['ENROLLED', 'ENROLLED', 'WAITLISTED']);
  const fewer = await courses.act('updateCourse', { courseId, capacity: 1 }, teacher);
  expect(fewer.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'capacity'] }]);
});

test('a key that was used for another course is refused, and nobody is enrolled', async () => {
  const [one, two] = [await courses.addCourse(teacher), await courses.addCourse(teacher)];
  const learner = newPerson();
  await enrol(one, learner, 'k');
  expect((await enrol(two, learner, 'k')).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  expect((await own(two, learner)).myEnrolment).toBeNull();
});

test('the world is told of each enrolment once', async () => {
  const courseId = await courses.addCourse(teacher, { capacity: 1, craft: 'YOGA' });
  const [a, b] = [newPerson(), newPerson()];
  await enrol(courseId, a, 'k');
  await enrol(courseId, a, 'k');
  await enrol(courseId, b);
  await leave(courseId, a);
  const told = await courses.told(courseId);
  expect(told.map(({ type, payload }) => ({ type, ...payload }))).toEqual([
    { type: 'enrolment.created', userId: a.id, courseId, craft: 'YOGA', state: 'ENROLLED' },
    { type: 'enrolment.created', userId: b.id, courseId, craft: 'YOGA', state: 'WAITLISTED' },
    { type: 'enrolment.promoted', userId: b.id, courseId, craft: 'YOGA' },
  ]);
});

test('when all come at once the capacity is never exceeded, and the queue is in one order', async () => {
  const courseId = await courses.addCourse(teacher, { capacity: 5 });
  const learners = Array.from({ length: 20 }, newPerson);
  const answers = await Promise.all(learners.map((learner) => enrol(courseId, learner)));
  expect(answers.filter((answer) => answer.enrolment?.state === 'ENROLLED')).toHaveLength(5);
  const places = answers.map((answer) => answer.enrolment?.waitlistPlace ?? 0).filter((place) => place > 0);
  expect(places.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
});

describe('whatever people do at the same time,', () => {
  /** What a course may never be, read in one statement. */
  async function offences(courseId: string): Promise<unknown> {
    const rows = await courses.db
      .selectFrom('enrolments')
      .select(['state', 'waitlist_ticket'])
      .where('course_id', '=', courseId)
      .execute();
    const course = await courses.db
      .selectFrom('courses')
      .select(['capacity', 'enrolled_count'])
      .where('id', '=', courseId)
      .executeTakeFirstOrThrow();
    const enrolled = BigInt(rows.filter((row) => row.state === 'ENROLLED').length);
    const waiting = rows.some((row) => row.state === 'WAITLISTED');
    const free = freeSeats({ capacity: course.capacity, enrolled });
    return {
      miscounted: course.enrolled_count !== enrolled,
      overfull: course.capacity !== null && enrolled > course.capacity,
      waitsForNothing: waiting && free !== 0n,
    };
  }

  test('no seat is given twice, none stays free while somebody waits, and the count is right', async () => {
    const step = fc.record({ who: fc.nat(5), what: fc.constantFrom('enrol', 'enrol', 'leave') });
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), rounds, async (capacity, all) => {
        const courseId = await courses.addCourse(teacher, { capacity });
        const learners = Array.from({ length: 6 }, newPerson);
        for (const round of all) {
          await Promise.all(
            round.map(({ who, what }) => {
              const learner = learners[who] ?? newPerson();
              return what === 'enrol' ? enrol(courseId, learner) : leave(courseId, learner);
            }),
          );
          expect(await offences(courseId)).toEqual({
            miscounted: false,
            overfull: false,
            waitsForNothing: false,
          });
        }
      }),
      { numRuns: 25 },
    );
  });
});

test('a seat is given exactly while there is one', () => {
  const count = fc.bigInt({ min: 0n, max: 1_000n });
  fc.assert(
    fc.property(count, count, (capacity, enrolled) => {
      expect(seatFor({ capacity, enrolled })).toBe(enrolled < capacity ? 'ENROLLED' : 'WAITLISTED');
      expect(seatFor({ capacity: null, enrolled })).toBe('ENROLLED');
    }),
  );
});
