import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import {
  courseStates,
  lockCourse,
  updateCourseRow,
  type CourseRow,
  type CourseState,
} from '../db/courses.ts';
import type { Database } from '../db/database.ts';
import { capacity as capacityShape, summaryCharacters, titleCharacters } from './course-input.ts';
import { mayBecome, mayBeSeenBy } from './course-states.ts';
import { fillFreeSeats } from './fill-free-seats.ts';
import { noCourse, onlyInstructor } from './refusals.ts';

const inputShape = z.object({
  courseId: typeId('crs'),
  title: writtenText(titleCharacters).nullish(),
  summary: writtenText(summaryCharacters).nullish(),
  capacity: capacityShape.nullish(),
  state: z.enum(courseStates).nullish(),
});

/** Changes what is given and leaves the rest; new seats go to those who wait. */
export async function updateCourse(
  { db }: Services,
  callerId: string,
  input: unknown,
): Promise<{ courseId: string }> {
  const { courseId, title, summary, capacity, state } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const course = await lockOwnCourse(trx, courseId, callerId);
    if (state != null) checkMove(course.state, state);
    const seats = capacity == null ? null : BigInt(capacity);
    if (seats !== null) checkCapacity(course, seats);
    const change = {
      ...(title != null && { title }),
      ...(summary != null && { summary }),
      ...(seats !== null && { capacity: seats }),
      ...(state != null && { state }),
    };
    if (Object.keys(change).length > 0) await updateCourseRow(trx, courseId, change);
    if (seats !== null) await fillFreeSeats(trx, { ...course, capacity: seats });
  });
  return { courseId };
}

/** The caller's own course, locked. */
export async function lockOwnCourse(
  trx: Transaction<Database>,
  courseId: string,
  callerId: string,
): Promise<CourseRow> {
  const course = await lockCourse(trx, courseId);
  if (course === undefined || !mayBeSeenBy(course, callerId)) throw noCourse();
  if (course.owner_id !== callerId) throw onlyInstructor();
  return course;
}

function checkMove(from: CourseState, to: CourseState): void {
  if (from === to || mayBecome(from, to)) return;
  throw refuse(
    'INVALID_INPUT',
    { en: `A course that is ${from} cannot become ${to}.`, zh: `课程不能从 ${from} 变为 ${to}。` },
    ['input', 'state'],
  );
}

function checkCapacity(course: CourseRow, seats: bigint): void {
  if (seats >= course.enrolled_count) return;
  throw refuse(
    'INVALID_INPUT',
    {
      en: `${course.enrolled_count} people are enrolled already.`,
      zh: `已有 ${course.enrolled_count} 人报名，名额不能更少。`,
    },
    ['input', 'capacity'],
  );
}
