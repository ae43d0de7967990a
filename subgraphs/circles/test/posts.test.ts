import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { newPerson, startCircles } from './support.ts';

const owner = newPerson();
const member = newPerson();
const circles = await sharedByTests(startCircles());
const circleId = await circles.found(owner);
await circles.act('joinCircle', { circleId }, member);

interface Post {
  post: { id: string; body: string } | null;
}

async function say(as: { id: string }, body: string, more: Record<string, unknown> = {}): Promise<string> {
  const input = { circleId, body, idempotencyKey: newId('key'), ...more };
  const { post, userErrors } = await circles.act<Post>('postToCircle', input, as, 'post { id body }');
  if (post === null) throw new Error(JSON.stringify(userErrors));
  return post.id;
}

const feed = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String) {
    circle(id: $id) {
      posts(first: $first, after: $after) {
        nodes {
          id
          body
          pinned
          hiddenReason
          author {
            id
          }
          reactions {
            kind
            count
            mine
          }
          comments {
            nodes {
              body
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;
interface Feed {
  circle: {
    posts: {
      nodes: ({ id: string; body: string; pinned: boolean } & Record<string, unknown>)[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };
}

test('members post and comment; strangers read and do not speak', async () => {
  const postId = await say(member, '  今天云手不顺拐了 ');
  await say(owner, '恭喜！', { parentId: postId });
  const stranger = newPerson();
  const input = { circleId, body: 'hello', idempotencyKey: 'k' };
  expect(await circles.codes('postToCircle', input, stranger)).toEqual(['FORBIDDEN']);
  const { data } = await circles.ask<Feed>(feed, { id: circleId });
  expect(data.circle.posts.nodes.find(({ id }) => id === postId)).toMatchObject({
    body: '今天云手不顺拐了',
    author: { id: member.id },
    comments: { nodes: [{ body: '恭喜！' }] },
    reactions: [],
  });
});

test('a post that is sent again is one post; its key does not serve for another text', async () => {
  const input = { circleId, body: '只发一次', idempotencyKey: newId('key') };
  const sent = await Promise.all(
    [1, 2, 3].map(() => circles.act<Post>('postToCircle', input, member, 'post { id }')),
  );
  expect(new Set(sent.map(({ post }) => post?.id)).size).toBe(1);
  const other = { ...input, body: '发两次' };
  expect(await circles.codes('postToCircle', other, member)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
});

test('comments hang on posts of the same circle, one level deep', async () => {
  const postId = await say(member, '楼主');
  const commentId = await say(owner, '一楼', { parentId: postId });
  const comment = (wanted: Record<string, unknown>) =>
    circles.codes('postToCircle', { circleId, body: '二楼', idempotencyKey: newId('key'), ...wanted }, owner);
  expect(await comment({ parentId: commentId })).toEqual(['INVALID_INPUT']);
  expect(await comment({ parentId: newId('pst') })).toEqual(['NOT_FOUND']);
  const elsewhere = await circles.found(owner);
  expect(await comment({ parentId: postId, circleId: elsewhere })).toEqual(['NOT_FOUND']);
});

test('each kind of reaction counts once a person, and can be taken back', async () => {
  const postId = await say(member, '点赞');
  const react = (as: { id: string }, kind: string, on = true) =>
    circles.act<{ post: { reactions: unknown } }>(
      'react',
      { postId, kind, on },
      as,
      'post { reactions { kind count mine } }',
    );
  await Promise.all([1, 2, 3].map(() => react(owner, 'HEART')));
  await react(member, 'HEART');
  const { post } = await react(member, 'FLOWER');
  expect(post.reactions).toEqual([
    { kind: 'HEART', count: '2', mine: true },
    { kind: 'FLOWER', count: '1', mine: true },
  ]);
  const after = await react(owner, 'HEART', false);
  expect(after.post.reactions).toEqual([
    { kind: 'FLOWER', count: '1', mine: false },
    { kind: 'HEART', count: '1', mine: false },
  ]);
  expect(await circles.codes('react', { postId, kind: 'ANGRY', on: true }, owner)).toEqual(['INVALID_INPUT']);
  expect(await circles.codes('react', { postId, kind: 'HEART', on: true }, newPerson())).toEqual([
    'FORBIDDEN',
  ]);
});

test('the team hides a post with a reason: its place stays, its words are gone for the others', async () => {
  const postId = await say(member, '加微信领取试用装');
  const moderation = { postId, hide: true, reason: '推销' };
  expect(await circles.codes('moderatePost', moderation, member)).toEqual(['FORBIDDEN']);
  expect(await circles.codes('moderatePost', moderation, owner)).toEqual([]);
  const bodyFor = async (as: { id: string } | null) => {
    const { data } = await circles.ask<Feed>(feed, { id: circleId }, as);
    const post = data.circle.posts.nodes.find(({ id }) => id === postId);
    return [post?.body, post?.['hiddenReason']];
  };
  expect(await bodyFor(null)).toEqual(['', '推销']);
  expect(await bodyFor(newPerson())).toEqual(['', '推销']);
  expect(await bodyFor(member)).toEqual(['加微信领取试用装', '推销']);
  expect(await bodyFor(owner)).toEqual(['加微信领取试用装', '推销']);
  expect(await circles.codes('react', { postId, kind: 'LIKE', on: true }, owner)).toEqual(['NOT_FOUND']);
  expect(await circles.codes('moderatePost', { postId, hide: false, reason: '误判' }, owner)).toEqual([]);
  expect(await bodyFor(null)).toEqual(['加微信领取试用装', null]);
});

test('pinned posts come first, the others newest first, and pages neither repeat nor skip', async () => {
  const own = await circles.found(owner);
  const ids: string[] = [];
  for (const body of ['一', '二', '三', '四', '五']) ids.push(await say(owner, body, { circleId: own }));
  expect(await circles.codes('moderatePost', { postId: ids[1], pin: true, reason: '公告' }, owner)).toEqual(
    [],
  );
  const bodies: string[] = [];
  const readOn = async (after: string | null): Promise<void> => {
    const { data } = await circles.ask<Feed>(feed, { id: own, first: 2, after });
    const { nodes, pageInfo } = data.circle.posts;
    bodies.push(...nodes.map(({ body }) => body));
    if (pageInfo.hasNextPage) await readOn(pageInfo.endCursor);
  };
  await readOn(null);
  expect(bodies).toEqual(['二', '五', '四', '三', '一']);
});

test('the muted read and do not speak', async () => {
  const person = newPerson();
  await circles.act('joinCircle', { circleId }, person);
  await circles.act('setMember', { circleId, userId: person.id, state: 'MUTED', reason: '刷屏' }, owner);
  const { userErrors } = await circles.act(
    'postToCircle',
    { circleId, body: '……', idempotencyKey: 'k' },
    person,
  );
  expect(userErrors).toMatchObject([{ code: 'FORBIDDEN', message: 'You are muted in this circle.' }]);
});

test('nobody floods a circle', async () => {
  const person = newPerson();
  await circles.act('joinCircle', { circleId }, person);
  const outcomes = await Promise.all(
    Array.from({ length: 65 }, (_, index) =>
      circles.codes('postToCircle', { circleId, body: '刷屏', idempotencyKey: `k${index}` }, person),
    ),
  );
  expect(outcomes.flat()).toEqual(Array.from({ length: 5 }, () => 'RATE_LIMITED'));
});
