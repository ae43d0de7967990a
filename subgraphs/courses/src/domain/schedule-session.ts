import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { insertSession } from '../db/live-sessions.ts';
import { onceByKey } from './once-by-key.ts';
import { lockOwnCourse } from './update-course.ts';

const inputShape = z.object({ courseId: typeId('crs'), startsAt: z.date(), idempotencyKey });

/** How far ahead a session may lie. */
const maxAheadDays = 730;

/** Sets a live session of an own course for a time ahead. */
export async function scheduleSession(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ sessionId: string }> {
  const { idempotencyKey: key, courseId, startsAt } = parseInput(inputShape, input);
  const sessionId = await inTransaction(db, (trx) =>
    onceByKey(
      trx,
      { authorId: callerId, key, action: 'scheduleSession', input: { courseId, startsAt } },
      async () => {
        const course = await lockOwnCourse(trx, courseId, callerId);
        if (course.state === 'ARCHIVED') {
          throw refuse('INVALID_INPUT', { en: 'This course is archived.', zh: '该课程已归档。' }, [
            'input',
            'courseId',
          ]);
        }
        checkAhead(startsAt, now());
        const id = newId('ses');
        await insertSession(trx, { id, course_id: courseId, starts_at: startsAt, ended_at: null });
        return id;
      },
    ),
  );
  return { sessionId };
}

function checkAhead(startsAt: Date, now: Date): void {
  const aheadMs = startsAt.getTime() - now.getTime();
  if (aheadMs > 0 && aheadMs < maxAheadDays * 86_400_000) return;
  throw refuse('INVALID_INPUT', { en: 'A time ahead, within two years.', zh: '请选择两年以内的将来时间。' }, [
    'input',
    'startsAt',
  ]);
}
