import { sharedByTests } from '@banyan/kit/testing';
import { castId, hotCampaign, personas, seedDay } from '@banyan/seed';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { seedCircleRows } from '../src/seed/circles.ts';
import { startCircles } from './support.ts';

const circles = await sharedByTests(startCircles({ seeded: true }));

async function count(query: ReturnType<typeof sql<{ count: bigint }>>): Promise<number> {
  const { rows } = await query.execute(circles.app.database.db);
  return Number(rows[0]?.count);
}

test('the seed holds about as much as it should, each circle under a name of its own', async () => {
  expect(await count(sql`select count(*) from circles`)).toBe(100);
  expect(new Set(seedCircleRows(seedDay('2026-09-01')).map(({ name }) => name)).size).toBe(100);
  const memberships = await count(sql`select count(*) from memberships`);
  expect(memberships).toBeGreaterThan(5_000);
  expect(memberships).toBeLessThan(7_000);
  const posts = await count(sql`select count(*) from posts where parent_id is null`);
  expect(posts).toBeGreaterThan(1_200);
  expect(posts).toBeLessThan(1_800);
  expect(await count(sql`select count(*) from posts where parent_id is not null`)).toBeGreaterThan(800);
  expect(await count(sql`select count(*) from reactions`)).toBeGreaterThan(3_000);
  expect(await count(sql`select count(*) from memberships where state = 'APPLIED'`)).toBeGreaterThan(30);
  expect(await count(sql`select count(distinct access) from circles`)).toBe(4);
});

test('what it counts is what is there, and nobody speaks before coming', async () => {
  const miscounted = sql<{ count: bigint }>`
    select count(*) from circles
    where member_count <> (
      select count(*) from memberships where circle_id = circles.id and state in ('ACTIVE', 'MUTED')
    )`;
  expect(await count(miscounted)).toBe(0);
  const early = sql<{ count: bigint }>`
    select count(*) from posts
    join memberships on memberships.circle_id = posts.circle_id and memberships.user_id = posts.author_id
    where posts.created_at < memberships.since - interval '1 day'`;
  expect(await count(early)).toBe(0);
  expect(await count(sql`select count(*) from posts where created_at > '2026-09-01'`)).toBe(0);
  const joined = sql<{ count: bigint }>`select count(*) from outbox where type = 'circle.joined'`;
  expect(await count(joined)).toBe(await count(sql`select sum(member_count) as count from circles`));
});

test('the hot campaign is backed by several circles, circle 1 first, each with stations', async () => {
  const answer = await circles.ask<{
    _entities: [{ supportingCircles: { nodes: { id: string; name: string; stations: unknown[] }[] } }];
  }>(
    `query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Campaign { supportingCircles(first: 3) { nodes { id name theme memberCount stations { id } } } }
      }
    }`,
    { representations: [{ __typename: 'Campaign', id: hotCampaign.id }] },
  );
  expect(answer.errors).toBeUndefined();
  const { nodes } = answer.data._entities[0].supportingCircles;
  expect(nodes).toHaveLength(3);
  expect(nodes[0]).toMatchObject({
    id: castId('circle', 1),
    name: '榕荫互助圈 In the Shade of the Banyan',
  });
  for (const { stations } of nodes) expect(stations.length).toBeGreaterThan(0);
});

test('search finds by Chinese and by Latin words, and by theme', async () => {
  const search = async (variables: Record<string, unknown>) => {
    const { data } = await circles.ask<{ circles: { nodes: { name: string; theme: string }[] } }>(
      'query ($search: String, $theme: CircleTheme) { circles(search: $search, theme: $theme) { nodes { name theme } } }',
      variables,
    );
    return data.circles.nodes;
  };
  expect((await search({ search: '太极' })).map(({ name }) => name)).toEqual(['晨练太极队 Morning Tai Chi']);
  expect((await search({ search: 'banyan SHADE' })).map(({ name }) => name)).toEqual([
    '榕荫互助圈 In the Shade of the Banyan',
  ]);
  expect(await search({ search: '100%_\\' })).toEqual([]);
  const wealth = await search({ theme: 'WEALTH' });
  expect(wealth).toHaveLength(10);
  expect(wealth.every(({ theme }) => theme === 'WEALTH')).toBe(true);
});

test('the demo donor reads circle 1 as a member', async () => {
  const { data, errors } = await circles.ask(
    `query ($id: ID!) { circle(id: $id) {
      operator { __typename ... on User { id } }
      myMembership { role state circle { id } }
      members(first: 3) { nodes { role user { id } } }
      posts(first: 2) { nodes { pinned body author { id } comments { nodes { body } } reactions { kind count mine } } }
      backedCampaigns(first: 1) { nodes { campaign { id } } }
    } }`,
    { id: castId('circle', 1) },
    { id: castId('user', personas.donor.number) },
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    circle: {
      operator: { __typename: 'User', id: castId('user', personas.circleOperator.number) },
      myMembership: { role: 'MEMBER', state: 'ACTIVE', circle: { id: castId('circle', 1) } },
      members: { nodes: [{ role: 'OWNER' }, {}, {}] },
      posts: { nodes: [{ pinned: true }, { pinned: false }] },
    },
  });
});
