import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { logModeration } from '../db/moderation-log.ts';
import { lockPost, updatePost, type PostRow } from '../db/posts.ts';
import { circleActedFor } from './acting-for.ts';
import { noSuchPost } from './refusals.ts';

const inputShape = z
  .object({
    postId: typeId('pst'),
    hide: z.boolean().nullish(),
    pin: z.boolean().nullish(),
    reason: writtenText(500),
  })
  .refine(({ hide, pin }) => hide != null || pin != null, {
    message: 'Say what to do: hide or pin. | 请指定隐藏或置顶。',
  });

/** Hides a post or shows it again, pins it or takes it down; the reason is logged, and shown in a hidden post's place. */
export async function moderatePost(
  { db }: Services,
  userId: string,
  input: unknown,
): Promise<{ post: PostRow }> {
  const { postId, hide, pin, reason } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const before = await lockPost(trx, postId);
    if (before === undefined) throw noSuchPost('postId');
    await circleActedFor(trx, before.circle_id, { userId, role: 'MODERATOR', field: 'postId' });
    const hidden = hide ?? before.hidden_reason !== null;
    if (pin === true && (before.parent_id !== null || hidden)) throw notToBePinned();

    const post = await updatePost(trx, postId, {
      ...(hide != null && { hidden_reason: hide ? reason : null }),
      pinned: hidden ? false : (pin ?? before.pinned),
    });
    await logModeration(trx, {
      circle_id: before.circle_id,
      by_user_id: userId,
      action: [hide != null && (hide ? 'HIDE' : 'SHOW'), pin != null && (pin ? 'PIN' : 'UNPIN')]
        .filter(Boolean)
        .join(' '),
      subject: postId,
      reason,
    });
    return { post };
  });
}

function notToBePinned() {
  return refuse(
    'INVALID_INPUT',
    { en: 'Comments and hidden posts are not pinned.', zh: '评论和已隐藏的帖子不能置顶。' },
    ['input', 'pin'],
  );
}
