import { castId, counts, createRandom, instructors, type CastInstructor, type SeedDay } from '@banyan/seed';
import type { Craft } from '@banyan/vocabulary';
import type { CourseState } from '../db/courses.ts';
import { craftKeywords } from '../domain/search-terms.ts';
import { craftWords, levels, summaryOf } from './words.ts';

export interface SeedCourse {
  id: string;
  instructor_id: string;
  title: string;
  summary: string;
  keywords: string;
  craft: Craft;
  state: CourseState;
  capacity: bigint | null;
  created_at: Date;
}

/** The station and the teacher of a course; course 1 is the named instructor's, and live. */
function instructorOf(courseNumber: number): CastInstructor {
  return instructors[(courseNumber - 1) % instructors.length] as CastInstructor;
}

export function courseRows(day: SeedDay): SeedCourse[] {
  return Array.from({ length: counts.courses }, (_, index) => {
    const number = index + 1;
    const random = createRandom(`course:${number}`);
    const instructor = instructorOf(number);
    const craft = number === 1 ? 'VOCAL' : random.pick(instructor.crafts);
    const words = craftWords[craft];
    // Each round of the instructors teaches another subject, so that no teacher gives one course twice.
    const [chinese, english] = words.subjects[
      Math.floor(index / instructors.length) % words.subjects.length
    ] as readonly [string, string];
    const level = random.pick(levels);
    return {
      id: castId('course', number),
      instructor_id: instructor.id,
      title: random.chance(0.15) ? `${english} · ${level.english}` : `${chinese}·${level.chinese}`,
      summary: summaryOf(random, { chinese, english }),
      keywords: craftKeywords[craft],
      craft,
      state: stateOf(number),
      capacity:
        number === 1 || random.chance(0.35) ? null : BigInt(random.pick([20, 24, 30, 30, 40, 50, 60])),
      created_at: day.at(-380 + Math.floor(index * 1.6), 8 + (number % 12)),
    };
  });
}

function stateOf(number: number): CourseState {
  if (number % 33 === 0) return 'DRAFT';
  return number % 21 === 0 ? 'ARCHIVED' : 'PUBLISHED';
}
