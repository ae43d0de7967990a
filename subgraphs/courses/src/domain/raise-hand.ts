import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findEnrolmentsOf } from '../db/enrolments.ts';
import { bumpMicVersion, lockSession } from '../db/live-sessions.ts';
import { findActiveEntry, hasSpoken, insertMicEntry } from '../db/mic-entries.ts';
import { assertWithin, noSession, notLive } from './refusals.ts';

export const sessionShape = z.object({ sessionId: typeId('ses') });

/** Joins the queue for the microphone of a live session that one is enrolled in. */
export async function raiseHand(
  { db, limits, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ entryId: string; sessionId: string }> {
  const { sessionId } = parseInput(sessionShape, input);
  await assertWithin(limits.comings, callerId);
  const entryId = await inTransaction(db, async (trx) => {
    const session = await lockSession(trx, sessionId);
    if (session === undefined || session.course_state === 'DRAFT') throw noSession();
    const [enrolment] = await findEnrolmentsOf(trx, callerId, [session.course_id]);
    if (enrolment?.state !== 'ENROLLED') {
      throw refuse('NOT_ENROLLED', { en: 'Enrol in the course first.', zh: '请先报名该课程。' }, [
        'input',
        'sessionId',
      ]);
    }
    if (session.state !== 'LIVE') throw notLive();
    if ((await findActiveEntry(trx, sessionId, callerId)) !== undefined) {
      throw refuse('ALREADY_QUEUED', { en: 'Your hand is up already.', zh: '您已经在排队了。' }, [
        'input',
        'sessionId',
      ]);
    }
    const id = newId('mic');
    await insertMicEntry(trx, {
      id,
      session_id: sessionId,
      user_id: callerId,
      first_time: !(await hasSpoken(trx, sessionId, callerId)),
      raised_at: now(),
    });
    await bumpMicVersion(trx, sessionId);
    return id;
  });
  return { entryId, sessionId };
}
