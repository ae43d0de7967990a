import { newId } from '@banyan/kit/graphql';
import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { notify } from '../src/db/notifications.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());

interface News {
  id: string;
  kind: string;
  title: string;
  body: string;
  link: string | null;
  readAt: string | null;
}
const inbox = /* GraphQL */ `
  query ($unreadOnly: Boolean, $first: Int, $after: String) {
    me {
      unreadCount
      notifications(unreadOnly: $unreadOnly, first: $first, after: $after) {
        nodes {
          id
          kind
          title
          body
          link
          readAt
          createdAt
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;
const read = async (as: { id: string }, variables: Record<string, unknown> = {}, language = 'en') => {
  const { data } = await users.ask<{
    me: {
      unreadCount: number;
      notifications: { nodes: News[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
  }>(inbox, variables, as, language);
  return data.me;
};

test('a person hears of what concerns them elsewhere, once each, in the language of the reader', async () => {
  const [me, friend] = [await users.person(), await users.person()];
  await users.act('updateProfile', { displayName: '王秀英' }, friend);
  const campaign = { campaignId: newId('cmp'), organiserId: me.id, kind: 'PERSONAL_HELP' };
  await users.tell('campaigns', 'campaign.live', campaign);
  const praise = { fromUserId: friend.id, toUserId: me.id, postId: newId('pst') };
  await users.tell('courses', 'praise.given', praise);
  await users.tell('courses', 'praise.given', praise);
  const promoted = { userId: me.id, courseId: newId('crs'), craft: 'DANCE' };
  await users.tell('courses', 'enrolment.promoted', promoted);
  const { unreadCount, notifications } = await read(me);
  expect(unreadCount).toBe(3);
  expect(notifications.nodes.map(({ kind, body, link }) => [kind, body, link])).toEqual([
    [
      'WAITLIST_PROMOTED',
      'A seat became free in a course, and it is yours.',
      `/courses/${promoted.courseId}`,
    ],
    ['PRAISE_RECEIVED', '王秀英 praised what you showed.', `/posts/${praise.postId}`],
    ['CAMPAIGN_LIVE', 'Your campaign takes gifts now.', `/campaigns/${campaign.campaignId}`],
  ]);
  expect((await read(me, {}, 'zh-CN')).notifications.nodes[1]?.body).toBe('王秀英为您的作品点赞。');
});

test('what is long past is no news', async () => {
  const me = await users.person();
  const campaign = { campaignId: newId('cmp'), organiserId: me.id, kind: 'DREAM' };
  const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60 * 1_000);
  await users.tell('campaigns', 'campaign.live', campaign, longAgo);
  expect((await read(me)).unreadCount).toBe(0);
});

test('reading marks one’s own, and only those', async () => {
  const [me, other] = [await users.person(), await users.person()];
  const { db } = users.app.database;
  await db
    .transaction()
    .execute((trx) =>
      notify(trx, { personIds: [me.id, me.id, me.id, other.id], kind: 'REAL_NAME_VERIFIED', params: {} }),
    );
  const mine = (await read(me)).notifications.nodes.map(({ id }) => id);
  const theirs = (await read(other)).notifications.nodes.map(({ id }) => id);
  const marked = await users.act<{ viewer: { unreadCount: number } }>(
    'markNotificationsRead',
    { ids: [...mine.slice(0, 2), ...theirs, newId('ntf')] },
    me,
    'viewer { unreadCount }',
  );
  expect(marked.viewer.unreadCount).toBe(1);
  expect((await read(other)).unreadCount).toBe(1);
  expect((await read(me, { unreadOnly: true })).notifications.nodes.map(({ id }) => id)).toEqual([mine[2]]);
  expect((await read(me)).notifications.nodes).toHaveLength(3);
  expect(await users.codes('markNotificationsRead', { ids: ['ntf_'] }, me)).toEqual(['INVALID_INPUT']);
  expect(await users.codes('markNotificationsRead', { ids: [] }, me)).toEqual(['INVALID_INPUT']);
});

test('an inbox is read in pages, and costs the same queries however long it is', async () => {
  const me = await users.person();
  const friends = [await users.person(), await users.person(), await users.person(), await users.person()];
  await users.app.database.db.transaction().execute(async (trx) => {
    for (const { id } of friends)
      await notify(trx, { personIds: [me.id], kind: 'PRAISE_RECEIVED', params: { userId: id } });
  });
  const first = await read(me, { first: 3 });
  expect(first.notifications.nodes).toHaveLength(3);
  const { endCursor, hasNextPage } = first.notifications.pageInfo;
  expect(hasNextPage).toBe(true);
  expect((await read(me, { first: 3, after: endCursor })).notifications.nodes).toHaveLength(1);

  const cost = async (count: number) => {
    const costs = [];
    for (let turn = 0; turn < 3; turn += 1)
      costs.push((await countQueries(users.app.database, () => read(me, { first: count }))).queries);
    return Math.min(...costs);
  };
  expect(await cost(4)).toBe(await cost(1));
});
