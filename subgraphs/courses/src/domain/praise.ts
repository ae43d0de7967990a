import { inTransaction } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { markHeat } from '../db/heat.ts';
import { addPraises, findPosts } from '../db/posts.ts';
import { putPraise, withdrawPraiseRow } from '../db/praises.ts';
import { noPost } from './refusals.ts';

const inputShape = z.object({ postId: typeId('pst') });

/** Praises another's post: once, however often it is asked for. */
export async function praise(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ postId: string }> {
  const { postId } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const [post] = await findPosts(trx, [postId]);
    if (post === undefined || post.hidden_at !== null) throw noPost();
    if (post.author_id === callerId) {
      throw refuse('FORBIDDEN', { en: 'Praise comes from others.', zh: '不能给自己点赞。' }, [
        'input',
        'postId',
      ]);
    }
    const at = now();
    const put = await putPraise(trx, { post_id: postId, user_id: callerId, given_at: at });
    if (put === 'there') return;
    await addPraises(trx, postId, 1n);
    // Given, withdrawn and given again is one praise to whoever counts them.
    if (put === 'again') return;
    await markHeat(trx, { topicsOf: postId, postId, userId: callerId, kind: 'PRAISE', at });
    await appendEvents(trx, [
      {
        type: 'praise.given',
        subject: postId,
        payload: { fromUserId: callerId, toUserId: post.author_id, postId },
      },
    ]);
  });
  return { postId };
}

/** Takes a praise back; without one it changes nothing. */
export async function withdrawPraise(
  { db, now }: Services,
  callerId: string,
  input: unknown,
): Promise<{ postId: string }> {
  const { postId } = parseInput(inputShape, input);
  await inTransaction(db, async (trx) => {
    const [post] = await findPosts(trx, [postId]);
    if (post === undefined) throw noPost();
    if (await withdrawPraiseRow(trx, postId, callerId, now())) await addPraises(trx, postId, -1n);
  });
  return { postId };
}
