import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, newId, parseInput, writtenText } from '@banyan/kit/graphql';
import { crafts } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { insertCourse } from '../db/courses.ts';
import { findInstructorsOfUsers } from '../db/instructors.ts';
import { capacity, summaryCharacters, titleCharacters } from './course-input.ts';
import { onceByKey } from './once-by-key.ts';
import { onlyInstructor } from './refusals.ts';
import { craftKeywords } from './search-terms.ts';

const inputShape = z.object({
  title: writtenText(titleCharacters),
  summary: writtenText(summaryCharacters),
  craft: z.enum(crafts),
  capacity: capacity.nullish(),
  idempotencyKey,
});

/** Makes a draft of a course; the instructor publishes it when it is ready. */
export async function createCourse(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ courseId: string }> {
  const { idempotencyKey: key, ...course } = parseInput(inputShape, input);
  const courseId = await inTransaction(db, async (trx) => {
    const [instructor] = await findInstructorsOfUsers(trx, [callerId]);
    if (instructor?.verified_at == null) throw onlyInstructor();
    return onceByKey(trx, { authorId: callerId, key, action: 'createCourse', input: course }, async () => {
      const id = newId('crs');
      await insertCourse(trx, {
        id,
        instructor_id: instructor.id,
        title: course.title,
        summary: course.summary,
        keywords: craftKeywords[course.craft],
        craft: course.craft,
        state: 'DRAFT',
        capacity: course.capacity == null ? null : BigInt(course.capacity),
        created_at: now(),
      });
      return id;
    });
  });
  return { courseId };
}
