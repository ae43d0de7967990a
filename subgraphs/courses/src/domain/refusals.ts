import type { Limiter } from '@banyan/kit/cache';
import { refuse, type Refusal } from '@banyan/kit/graphql';

/** Refusals that several actions speak. */
export function notFound(what: { en: string; zh: string }, field: string): Refusal {
  return refuse('NOT_FOUND', { en: `There is no such ${what.en}.`, zh: `没有找到该${what.zh}。` }, [
    'input',
    field,
  ]);
}
export const noCourse = (field = 'courseId') => notFound({ en: 'course', zh: '课程' }, field);
export const noSession = (field = 'sessionId') => notFound({ en: 'session', zh: '直播课' }, field);
export const noStation = (field = 'stationId') => notFound({ en: 'station', zh: '小站' }, field);
export const noPost = (field = 'postId') => notFound({ en: 'post', zh: '帖子' }, field);

export function onlyInstructor(): Refusal {
  return refuse('FORBIDDEN', {
    en: 'Only the instructor may do this.',
    zh: '只有授课老师可以进行此操作。',
  });
}

export function notLive(): Refusal {
  return refuse('SESSION_NOT_LIVE', { en: 'This session is not live.', zh: '直播尚未开始或已结束。' }, [
    'input',
    'sessionId',
  ]);
}

/** @throws Refusal `RATE_LIMITED` when a person has done it too often. */
export async function assertWithin(limit: Limiter, callerId: string): Promise<void> {
  const { allowed, retryAfterSeconds } = await limit.attempt(callerId);
  if (allowed) return;
  throw refuse('RATE_LIMITED', {
    en: `That was a lot. Go on in ${retryAfterSeconds} seconds.`,
    zh: `操作过于频繁，请在 ${retryAfterSeconds} 秒后继续。`,
  });
}
