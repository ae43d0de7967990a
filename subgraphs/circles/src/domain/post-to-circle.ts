import { inTransaction } from '@banyan/kit/database';
import {
  idempotencyKey,
  inputFingerprint,
  newId,
  parseInput,
  refuse,
  typeId,
  writtenText,
} from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findCircle } from '../db/circles.ts';
import type { Database } from '../db/database.ts';
import { findMembership } from '../db/memberships.ts';
import { findPost, findPostByKey, insertPost, type PostRow } from '../db/posts.ts';
import { keyReused, noSuchCircle, noSuchPost } from './refusals.ts';
import { assertMaySpeak } from './speaking.ts';

const inputShape = z.object({
  circleId: typeId('cir'),
  parentId: typeId('pst').nullish(),
  body: writtenText(4_000),
  idempotencyKey,
});

/** Posts to a circle, or comments on a post there. A repeated key gives the post of the first time. */
export async function postToCircle(
  { db, limits }: Services,
  userId: string,
  input: unknown,
): Promise<{ post: PostRow }> {
  const { idempotencyKey: key, ...wanted } = parseInput(inputShape, input);
  const fingerprint = inputFingerprint(wanted);
  const parentId = wanted.parentId ?? null;

  const known = await findPostByKey(db, userId, key);
  if (known !== undefined) return { post: sameRequest(known, fingerprint) };
  const { allowed } = await limits.posts.attempt(userId);
  if (!allowed) throw tooManyPosts();

  return inTransaction(db, async (trx) => {
    const circle = await findCircle(trx, wanted.circleId);
    if (circle === undefined) throw noSuchCircle('circleId');
    assertMaySpeak(await findMembership(trx, circle.id, userId), 'circleId');
    await assertCommentable(trx, circle.id, parentId);
    const post = await insertPost(trx, {
      id: newId('pst'),
      circle_id: circle.id,
      parent_id: parentId,
      author_id: userId,
      body: wanted.body,
      hidden_reason: null,
      idempotency_key: key,
      input_fingerprint: fingerprint,
    });
    if (post !== undefined) return { post };
    const first = await findPostByKey(trx, userId, key);
    if (first === undefined) throw keyReused();
    return { post: sameRequest(first, fingerprint) };
  });
}

function sameRequest(post: PostRow, fingerprint: string): PostRow {
  if (post.input_fingerprint !== fingerprint) throw keyReused();
  return post;
}

/** Comments are given to posts of the same circle that can be seen; a conversation is one level deep. */
async function assertCommentable(
  trx: Transaction<Database>,
  circleId: string,
  parentId: string | null,
): Promise<void> {
  if (parentId === null) return;
  const parent = await findPost(trx, parentId);
  if (parent?.circle_id !== circleId || parent.hidden_reason !== null) throw noSuchPost('parentId');
  if (parent.parent_id !== null) {
    throw refuse(
      'INVALID_INPUT',
      { en: 'Comment on the post, not on a comment.', zh: '请直接评论帖子，不能评论他人的评论。' },
      ['input', 'parentId'],
    );
  }
}

function tooManyPosts() {
  return refuse(
    'RATE_LIMITED',
    { en: 'You are posting very quickly. Take a short break.', zh: '您发布得太快了，请稍后再试。' },
    null,
  );
}
