import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, newId, parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { markHeat } from '../db/heat.ts';
import { addComments, insertPost, lockPost, postKinds, type PostRow } from '../db/posts.ts';
import { linkTopics, putTopics } from '../db/topics.ts';
import { checkMayPost } from './check-may-post.ts';
import { findUntrustedLink } from './link-guard.ts';
import { onceByKey } from './once-by-key.ts';
import { assertWithin, noPost } from './refusals.ts';
import { maxTopicCharacters, topicKey, topicName } from './topic-names.ts';

/** Topics that a post may have. */
export const maxTopics = 5;

const topic = z
  .string()
  .transform(topicName)
  .pipe(
    z
      .string()
      .min(1, 'A topic has a name. | 话题名称不能为空。')
      .max(
        maxTopicCharacters,
        `At most ${maxTopicCharacters} characters. | 最多 ${maxTopicCharacters} 个字符。`,
      )
      .refine((name) => !/\p{Cc}/u.test(name), 'There is a control character in it. | 含有非法字符。'),
  );

const inputShape = z.object({
  stationId: typeId('stn').nullish(),
  parentId: typeId('pst').nullish(),
  kind: z.enum(postKinds),
  body: z.preprocess((text) => text ?? '', writtenText(2_000)),
  topics: z.array(topic).max(maxTopics, `At most ${maxTopics}. | 最多 ${maxTopics} 个。`).nullish(),
  idempotencyKey,
});
type PostInput = Omit<z.infer<typeof inputShape>, 'idempotencyKey'>;

/** Writes a post in a station or on the topic square, or a comment on one. */
export async function createPost(
  services: Services,
  callerId: string,
  input: unknown,
): Promise<{ postId: string }> {
  const { idempotencyKey: key, ...post } = parseInput(inputShape, input);
  checkLinks([post.body, ...(post.topics ?? [])]);
  const postId = await inTransaction(services.db, (trx) =>
    onceByKey(trx, { authorId: callerId, key, action: 'createPost', input: post }, async () => {
      await assertWithin(services.limits.posts, callerId);
      const parent = await parentOf(trx, post);
      const stationId = parent === null ? (post.stationId ?? null) : parent.station_id;
      const at = services.now();
      if (stationId !== null) await checkMayPost(trx, { stationId, callerId, at });
      const id = newId('pst');
      await insertPost(trx, {
        id,
        author_id: callerId,
        station_id: stationId,
        parent_id: parent?.id ?? null,
        kind: post.kind,
        body: post.body,
        created_at: at,
      });
      if (parent === null) await addTopics(trx, { id, stationId, callerId, at }, post.topics ?? []);
      else await joinConversation(trx, parent, { id, callerId, at });
      return id;
    }),
  );
  return { postId };
}

function checkLinks(texts: readonly string[]): void {
  const link = texts.map(findUntrustedLink).find((found) => found !== null);
  if (link === undefined) return;
  throw refuse(
    'LINK_BLOCKED',
    {
      en: `A link to ${link} may be bait, so it cannot be posted.`,
      zh: `链接 ${link} 可能有风险，不能发布。`,
    },
    ['input', 'body'],
  );
}

/** The post that is commented on, locked; a comment has no comments, and no topics of its own. */
async function parentOf(trx: Transaction<Database>, input: PostInput): Promise<PostRow | null> {
  if (input.parentId == null) return null;
  const parent = await lockPost(trx, input.parentId);
  if (parent === undefined || parent.hidden_at !== null || parent.parent_id !== null)
    throw noPost('parentId');
  if (input.stationId != null && input.stationId !== parent.station_id) {
    throw refuse(
      'INVALID_INPUT',
      { en: 'A comment stands where its post is.', zh: '评论须与原帖在同一小站。' },
      ['input', 'stationId'],
    );
  }
  if (input.topics != null && input.topics.length > 0) {
    throw refuse('INVALID_INPUT', { en: 'A comment has no topics.', zh: '评论不能带话题。' }, [
      'input',
      'topics',
    ]);
  }
  return parent;
}

interface Written {
  id: string;
  callerId: string;
  at: Date;
}

async function addTopics(
  trx: Transaction<Database>,
  post: Written & { stationId: string | null },
  names: readonly string[],
): Promise<void> {
  const topics = new Map(
    names.map((name) => [topicKey(name), { id: newId('tpc'), name, name_key: topicKey(name) }]),
  );
  if (topics.size === 0) return;
  await linkTopics(trx, post, await putTopics(trx, [...topics.values()]));
  await markHeat(trx, {
    topicsOf: post.id,
    postId: post.id,
    userId: post.callerId,
    kind: 'POST',
    at: post.at,
  });
}

async function joinConversation(
  trx: Transaction<Database>,
  parent: PostRow,
  comment: Written,
): Promise<void> {
  await addComments(trx, parent.id, 1n);
  await markHeat(trx, {
    topicsOf: parent.id,
    postId: comment.id,
    userId: comment.callerId,
    kind: 'COMMENT',
    at: comment.at,
  });
}
