import type { EventHandler } from '@banyan/kit/events';
import { crafts } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { recordFact } from '../db/facts.ts';
import { tell } from './news.ts';

const enrolment = z.object({ userId: z.string(), courseId: z.string(), craft: z.enum(crafts) });
const praiseGiven = z.object({ fromUserId: z.string(), toUserId: z.string(), postId: z.string() });

/** A place on the waitlist says as much of an interest as a seat. */
const enrolled: EventHandler<Database> = async (trx, { payload, occurredAt }) => {
  const { userId, courseId, craft } = enrolment.parse(payload);
  const happenedAt = new Date(occurredAt);
  await recordFact(trx, { personId: userId, kind: 'COURSE', key: courseId, word: craft, happenedAt });
};

/** What courses tells: who learns what, and who is praised by whom. */
export const coursesHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'enrolment.created': enrolled,
  'enrolment.promoted': async (trx, event) => {
    await enrolled(trx, event);
    const { userId, courseId } = enrolment.parse(event.payload);
    await tell(trx, event, {
      personId: userId,
      kind: 'WAITLIST_PROMOTED',
      params: {},
      link: `/courses/${courseId}`,
      source: event.id,
    });
  },
  'praise.given': async (trx, event) => {
    const { fromUserId, toUserId, postId } = praiseGiven.parse(event.payload);
    await recordFact(trx, {
      personId: toUserId,
      kind: 'PRAISE',
      key: fromUserId,
      word: null,
      happenedAt: new Date(event.occurredAt),
    });
    await tell(trx, event, {
      personId: toUserId,
      kind: 'PRAISE_RECEIVED',
      params: { userId: fromUserId },
      link: `/posts/${postId}`,
      source: `${postId}:${fromUserId}`,
    });
  },
};
