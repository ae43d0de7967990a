import { createRandom, personas, personOf, seedId, type SeedDay } from '@banyan/seed';
import type { Insertable } from 'kysely';
import type { LiveSessionsTable } from '../db/live-sessions.ts';
import type { MicEntriesTable } from '../db/mic-entries.ts';
import type { SeedCourse } from './courses.ts';
import type { SeedEnrolment } from './enrolments.ts';

const minuteMs = 60_000;
/** How long the live session has been on. */
const liveMinutes = 25;

type SessionRow = Required<Insertable<LiveSessionsTable>>;

/** Sessions behind and ahead of every course, and one of the first course that is live with a queue. */
export function sessionRows(
  courses: readonly SeedCourse[],
  enrolments: readonly SeedEnrolment[],
  day: SeedDay,
  asOf: Date,
): { sessions: SessionRow[]; micEntries: Insertable<MicEntriesTable>[] } {
  const sessions = courses.flatMap((course) => sessionsOf(course, day, asOf));
  const [first] = courses;
  if (first === undefined) return { sessions, micEntries: [] };
  const micEntries = queueOf(first, enrolments, asOf);
  const live: SessionRow = {
    id: liveSessionId(first),
    course_id: first.id,
    state: 'LIVE',
    starts_at: new Date(asOf.getTime() - liveMinutes * minuteMs),
    ended_at: null,
    mic_version: BigInt(micEntries.length * 2),
  };
  return { sessions: [live, ...sessions], micEntries };
}

const liveSessionId = (course: SeedCourse) => seedId('ses', `${course.id}/live`);

function sessionsOf(course: SeedCourse, day: SeedDay, asOf: Date): SessionRow[] {
  if (course.state === 'DRAFT') return [];
  const random = createRandom(`sessions:${course.id}`);
  const weekday = random.int(0, 6);
  const hours = random.pick([9, 9.5, 10, 14.5, 15, 19, 19.5, 20]);
  const weeks = course.state === 'ARCHIVED' ? [-9, -8, -7] : [-3, -2, -1, 0, 1, 2];
  return weeks.map((week): SessionRow => {
    const startsAt = day.at(week * 7 + weekday, hours);
    const endedAt = new Date(startsAt.getTime() + random.int(55, 75) * minuteMs);
    const isOver = endedAt <= asOf;
    const isCancelled = random.chance(0.03);
    return {
      id: seedId('ses', `${course.id}/${week}`),
      course_id: course.id,
      state: isCancelled ? 'CANCELLED' : isOver ? 'ENDED' : 'SCHEDULED',
      // What would be on at this very moment begins an hour later: one session is live, not whichever happens to be.
      starts_at: isOver || startsAt > asOf ? startsAt : new Date(asOf.getTime() + 60 * minuteMs),
      ended_at: isOver && !isCancelled ? endedAt : null,
      mic_version: 0n,
    };
  });
}

/** Seven have spoken, one speaks, two of those who spoke want to again, and a dozen wait for their first time. */
function queueOf(
  course: SeedCourse,
  enrolments: readonly SeedEnrolment[],
  asOf: Date,
): Insertable<MicEntriesTable>[] {
  const random = createRandom('microphone-queue');
  const learners = enrolments.filter((row) => row.course_id === course.id && row.state === 'ENROLLED');
  const learner: string = personOf(personas.learner.number).id;
  const hands = random.sample(
    learners.map((row) => row.user_id).filter((id) => id !== learner),
    19,
  );
  const minutesAgo = (minutes: number) => new Date(asOf.getTime() - minutes * minuteMs);
  const entry = (userId: string, turn: string, raised: number) => ({
    id: seedId('mic', `${course.id}/${turn}/${userId}`),
    session_id: liveSessionId(course),
    user_id: userId,
    first_time: true,
    state: 'WAITING' as const,
    raised_at: minutesAgo(raised),
    on_air_at: null as Date | null,
    turn_ends_at: null as Date | null,
    ended_at: null as Date | null,
  });
  const spoken = hands.slice(0, 7).map((userId, index) => ({
    ...entry(userId, 'first', 24 - index),
    state: 'DONE' as const,
    on_air_at: minutesAgo(22 - index * 2.5),
    turn_ends_at: minutesAgo(20 - index * 2.5),
    ended_at: minutesAgo(22 - index * 2.5 - random.int(60, 130) / 60),
  }));
  const speaks = hands.slice(7, 8).map((userId) => ({
    ...entry(userId, 'first', 17),
    state: 'ON_AIR' as const,
    on_air_at: minutesAgo(1),
    turn_ends_at: minutesAgo(-1),
  }));
  const again = hands.slice(0, 2).map((userId) => ({ ...entry(userId, 'again', 9), first_time: false }));
  const waiting = [...hands.slice(8), learner].map((userId, index) =>
    entry(userId, 'first', 8 - index * 0.5),
  );
  return [...spoken, ...speaks, ...again, ...waiting];
}
