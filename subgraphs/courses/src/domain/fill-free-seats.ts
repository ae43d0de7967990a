import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import { addEnrolled, type CourseRow } from '../db/courses.ts';
import type { Database } from '../db/database.ts';
import { promoteFirst } from '../db/enrolments.ts';
import { freeSeats } from './seats.ts';

/** Gives the free seats of a locked course to the first of its waitlist, and tells it. */
export async function fillFreeSeats(
  trx: Transaction<Database>,
  course: Pick<CourseRow, 'id' | 'craft' | 'capacity' | 'enrolled_count'>,
): Promise<void> {
  const free = freeSeats({ capacity: course.capacity, enrolled: course.enrolled_count });
  if (free === 0n) return;
  const promoted = await promoteFirst(trx, course.id, free);
  if (promoted.length === 0) return;
  await addEnrolled(trx, course.id, BigInt(promoted.length));
  await appendEvents(
    trx,
    promoted.map((enrolment) => ({
      type: 'enrolment.promoted',
      subject: enrolment.id,
      payload: { userId: enrolment.user_id, courseId: course.id, craft: course.craft },
    })),
  );
}
