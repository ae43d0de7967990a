import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { idempotencyKey, newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { addEnrolled, lockCourse, type CourseRow } from '../db/courses.ts';
import type { Database } from '../db/database.ts';
import { findEnrolmentsOf, putEnrolment } from '../db/enrolments.ts';
import { mayBeSeenBy } from './course-states.ts';
import { onceByKey } from './once-by-key.ts';
import { assertWithin, noCourse } from './refusals.ts';
import { seatFor } from './seats.ts';

const inputShape = z.object({ courseId: typeId('crs'), idempotencyKey });

/** One tap: a seat, or a place in the waitlist. Who has either already keeps it. */
export async function enrol(
  { db, limits, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ enrolmentId: string }> {
  const { courseId, idempotencyKey: key } = parseInput(inputShape, input);
  const enrolmentId = await inTransaction(db, (trx) =>
    onceByKey(trx, { authorId: callerId, key, action: 'enrol', input: { courseId } }, async () => {
      await assertWithin(limits.comings, callerId);
      const course = await lockCourse(trx, courseId);
      checkOpen(course, callerId);
      const [known] = await findEnrolmentsOf(trx, callerId, [courseId]);
      if (known !== undefined && known.state !== 'LEFT') return known.id;
      return takeSeat(trx, course, callerId, now());
    }),
  );
  return { enrolmentId };
}

function checkOpen(course: CourseRow | undefined, callerId: string): asserts course is CourseRow {
  if (course === undefined || !mayBeSeenBy(course, callerId)) throw noCourse();
  if (course.state !== 'PUBLISHED') {
    throw refuse('INVALID_INPUT', { en: 'This course takes nobody now.', zh: '该课程目前不接受报名。' }, [
      'input',
      'courseId',
    ]);
  }
}

async function takeSeat(
  trx: Transaction<Database>,
  course: CourseRow,
  userId: string,
  at: Date,
): Promise<string> {
  const state = seatFor({ capacity: course.capacity, enrolled: course.enrolled_count });
  const enrolment = await putEnrolment(trx, {
    id: newId('enr'),
    course_id: course.id,
    user_id: userId,
    state,
    created_at: at,
  });
  if (state === 'ENROLLED') await addEnrolled(trx, course.id, 1n);
  await appendEvents(trx, [
    {
      type: 'enrolment.created',
      subject: enrolment.id,
      payload: { userId, courseId: course.id, craft: course.craft, state },
    },
  ]);
  return enrolment.id;
}
