import { createRandom, instructors, people, personas, personOf, seedId, type Person } from '@banyan/seed';
import type { EnrolmentState } from '../db/enrolments.ts';
import type { SeedCourse } from './courses.ts';

export interface SeedEnrolment {
  id: string;
  course_id: string;
  user_id: string;
  state: EnrolmentState;
  created_at: Date;
}

export interface SeedMember {
  station_id: string;
  user_id: string;
  joined_at: Date;
}

const dayMs = 86_400_000;
/** Nobody enrolled longer ago. */
const longestDaysAgo = 150;

/** Who learns what: mostly what a person is interested in, the popular courses above all. */
export function enrolmentRows(courses: readonly SeedCourse[], asOf: Date) {
  const open = courses.filter((course) => course.state !== 'DRAFT');
  const wishes = people.flatMap((person) => wishesOf(person, open, asOf));
  // In order of time: who came first has the seat, and the earlier place in the waitlist.
  wishes.sort((a, b) => a.created_at.getTime() - b.created_at.getTime());
  const enrolledCounts = new Map<string, bigint>();
  const capacities = new Map(courses.map((course) => [course.id, course.capacity]));
  const enrolments = wishes.map((wish): SeedEnrolment => {
    if (wish.left) return { ...rowOf(wish), state: 'LEFT' };
    const taken = enrolledCounts.get(wish.course_id) ?? 0n;
    const capacity = capacities.get(wish.course_id) ?? null;
    if (capacity !== null && taken >= capacity) return { ...rowOf(wish), state: 'WAITLISTED' };
    enrolledCounts.set(wish.course_id, taken + 1n);
    return { ...rowOf(wish), state: 'ENROLLED' };
  });
  return { enrolments, members: memberRows(courses, enrolments, asOf), enrolledCounts };
}

interface Wish {
  course_id: string;
  user_id: string;
  created_at: Date;
  left: boolean;
}

function rowOf({ course_id, user_id, created_at }: Wish) {
  return { id: seedId('enr', `${course_id}/${user_id}`), course_id, user_id, created_at };
}

function wishesOf(person: Person, open: readonly SeedCourse[], asOf: Date): Wish[] {
  const random = createRandom(`enrolments:${person.number}`);
  const isLearner = person.number === personas.learner.number || person.number === personas.donor.number;
  const liked = open.filter((course) => person.interests.includes(course.craft));
  const chosen = new Set<string>(isLearner || random.chance(0.12) ? [open[0]?.id ?? ''] : []);
  for (let left = random.int(2, 7); left > 0; left -= 1) {
    const pool = liked.length > 0 && random.chance(0.8) ? liked : open;
    // A square makes few courses popular and leaves many with seats.
    const course = pool[Math.floor(random.float() ** 2 * pool.length)];
    if (course) chosen.add(course.id);
  }
  const mostDays = Math.min(person.joinedDaysAgo, longestDaysAgo);
  return [...chosen].map((courseId) => ({
    course_id: courseId,
    user_id: person.id,
    created_at: new Date(asOf.getTime() - random.float() * mostDays * dayMs),
    left: !isLearner && random.chance(0.03),
  }));
}

/** Most who learn with an instructor belong to the station; the instructor does anyway. */
function memberRows(
  courses: readonly SeedCourse[],
  enrolments: readonly SeedEnrolment[],
  asOf: Date,
): SeedMember[] {
  const stationOf = new Map(instructors.map((instructor) => [instructor.id as string, instructor.stationId]));
  const stationOfCourse = new Map(courses.map((course) => [course.id, stationOf.get(course.instructor_id)]));
  const members = new Map<string, SeedMember>();
  for (const { stationId, user } of instructors) {
    const userId = personOf(user).id;
    members.set(`${stationId}/${userId}`, {
      station_id: stationId,
      user_id: userId,
      joined_at: new Date(asOf.getTime() - 390 * dayMs),
    });
  }
  const random = createRandom('station-members');
  for (const enrolment of enrolments) {
    const stationId = stationOfCourse.get(enrolment.course_id);
    const key = `${stationId}/${enrolment.user_id}`;
    if (stationId === undefined || members.has(key) || enrolment.state === 'LEFT' || random.chance(0.15))
      continue;
    members.set(key, {
      station_id: stationId,
      user_id: enrolment.user_id,
      joined_at: enrolment.created_at,
    });
  }
  return [...members.values()];
}
