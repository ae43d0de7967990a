import { appendEvents, type NewEvent } from '@banyan/kit/events';
import { instructors, personOf } from '@banyan/seed';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import type { SeedCourse } from './courses.ts';
import type { SeedEnrolment } from './enrolments.ts';

/** Events that one statement adds. */
const maxEventsAtOnce = 4_000;

/** What other subgraphs learn of this one: stations, and who takes which course. */
export async function writeOutbox(
  trx: Transaction<Database>,
  courses: readonly SeedCourse[],
  enrolments: readonly SeedEnrolment[],
): Promise<void> {
  const crafts = new Map(courses.map((course) => [course.id, course.craft]));
  const events: NewEvent[] = [
    ...instructors.map(({ stationId, user }) => ({
      type: 'station.created',
      subject: stationId,
      payload: { stationId, instructorUserId: personOf(user).id },
    })),
    ...enrolments.map((enrolment) => ({
      type: 'enrolment.created',
      subject: enrolment.id,
      payload: {
        userId: enrolment.user_id,
        courseId: enrolment.course_id,
        craft: crafts.get(enrolment.course_id),
        // Who has left had a seat once.
        state: enrolment.state === 'LEFT' ? 'ENROLLED' : enrolment.state,
      },
    })),
  ];
  for (let at = 0; at < events.length; at += maxEventsAtOnce)
    await appendEvents(trx, events.slice(at, at + maxEventsAtOnce));
}
