import { inTransaction } from '@banyan/kit/database';
import { parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findMembership } from '../db/memberships.ts';
import { findPost, type PostRow } from '../db/posts.ts';
import { deleteReaction, insertReaction } from '../db/reactions.ts';
import { noSuchPost } from './refusals.ts';
import { assertMaySpeak } from './speaking.ts';
import { reactionKinds } from './words.ts';

const inputShape = z.object({
  postId: typeId('pst'),
  kind: z.enum(reactionKinds, {
    error: `One of ${reactionKinds.join(', ')}. | 可选：${reactionKinds.join('、')}。`,
  }),
  on: z.boolean(),
});

/** Reacts to a post, or takes it back; each kind once a person. */
export async function react({ db }: Services, userId: string, input: unknown): Promise<{ post: PostRow }> {
  const { postId, kind, on } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const post = await findPost(trx, postId);
    if (post === undefined) throw noSuchPost('postId');
    assertMaySpeak(await findMembership(trx, post.circle_id, userId), 'postId');
    if (post.hidden_reason !== null) throw noSuchPost('postId');
    const reaction = { post_id: postId, user_id: userId, kind };
    await (on ? insertReaction(trx, reaction) : deleteReaction(trx, reaction));
    return { post };
  });
}
