import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { addEnrolled, lockCourse } from '../db/courses.ts';
import { findEnrolmentsOf, setEnrolmentState } from '../db/enrolments.ts';
import { fillFreeSeats } from './fill-free-seats.ts';
import { noCourse } from './refusals.ts';

const inputShape = z.object({ courseId: typeId('crs') });

/** Gives a seat or a place in the waitlist back; a seat goes to the first who waits. To leave twice changes nothing. */
export async function leaveCourse(
  { db }: Services,
  callerId: string,
  input: unknown,
): Promise<{ enrolmentId: string }> {
  const { courseId } = parseInput(inputShape, input);
  const enrolmentId = await inTransaction(db, async (trx) => {
    const course = await lockCourse(trx, courseId);
    if (course === undefined) throw noCourse();
    const [enrolment] = await findEnrolmentsOf(trx, callerId, [courseId]);
    if (enrolment === undefined) {
      throw refuse('NOT_ENROLLED', { en: 'You are not in this course.', zh: '您没有报名该课程。' }, [
        'input',
        'courseId',
      ]);
    }
    if (enrolment.state === 'LEFT') return enrolment.id;
    await setEnrolmentState(trx, enrolment.id, 'LEFT');
    if (enrolment.state === 'ENROLLED') {
      await addEnrolled(trx, courseId, -1n);
      await fillFreeSeats(trx, { ...course, enrolled_count: course.enrolled_count - 1n });
    }
    return enrolment.id;
  });
  return { enrolmentId };
}
