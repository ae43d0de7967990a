import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { describe, expect, test } from 'vitest';
import { aCircle, newPerson, startCircles } from './support.ts';

const owner = newPerson();
const circles = await sharedByTests(startCircles());
const circleId = await circles.found(owner);

const garbageIds = [
  '',
  ' ',
  '\0',
  'cir_',
  'cir_00000000000000000000000000\0',
  "cir_' or 1=1 --",
  newId('xyz'),
  'x'.repeat(100_000),
  '😀',
];

test.each(garbageIds)('what is no id is nothing that exists (%#)', async (id) => {
  const representations = [
    'Circle',
    'CirclePost',
    'CircleMembership',
    'Campaign',
    'Station',
    'Organisation',
  ].map((__typename) => ({ __typename, id }));
  const answer = await circles.ask<{ circle: unknown; _entities: unknown[] }>(
    `query ($id: ID!, $representations: [_Any!]!) {
      circle(id: $id) { id }
      _entities(representations: $representations) {
        ... on Campaign { supportingCircles { nodes { id } } }
        ... on Station { circle { id } }
        ... on Organisation { circles { nodes { id } } }
      }
    }`,
    { id, representations },
    owner,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.circle).toBeNull();
  for (const entity of answer.data._entities) expect(entity).toBeNull();
});

test.each(garbageIds)('no mutation takes what is no id (%#)', async (id) => {
  const attempts: [string, Record<string, unknown>][] = [
    ['joinCircle', { circleId: id }],
    ['leaveCircle', { circleId: id }],
    ['updateCircle', { circleId: id, about: 'x' }],
    ['decideApplication', { applicationId: id, accept: true }],
    ['setMember', { circleId, userId: id, state: 'MUTED', reason: 'x' }],
    ['postToCircle', { circleId: id, body: 'x', idempotencyKey: 'k' }],
    ['postToCircle', { circleId, parentId: id, body: 'x', idempotencyKey: 'k' }],
    ['react', { postId: id, kind: 'LIKE', on: true }],
    ['moderatePost', { postId: id, hide: true, reason: 'x' }],
    ['linkCircles', { fromId: circleId, toId: id, direction: 'BOTH' }],
    ['linkStation', { circleId, stationId: id, linked: true }],
    ['backCampaign', { circleId, campaignId: id, backing: true }],
    ['createCircle', { ...aCircle, organisationId: id, idempotencyKey: newId('key') }],
  ];
  for (const [mutation, input] of attempts) {
    const codes = await circles.codes(mutation, input, owner);
    expect([mutation, codes]).toEqual([mutation, ['INVALID_INPUT']]);
  }
});

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const garbageCursors = [
  'garbage',
  '!!!',
  '\0',
  cursorOf(null),
  cursorOf(['', '', '']),
  cursorOf([1, 2, 3, 4]),
  'A'.repeat(5_000),
];

describe.each(garbageCursors)('a cursor of nothing (%#)', (after) => {
  test.each([
    'circles(after: $after) { nodes { id } }',
    'circle(id: $id) { posts(after: $after) { nodes { id } } }',
    'circle(id: $id) { members(after: $after) { nodes { role } } }',
    'circle(id: $id) { applications(after: $after) { nodes { id } } }',
    'circle(id: $id) { moderationLog(after: $after) { nodes { id } } }',
    'circle(id: $id) { backedCampaigns(after: $after) { nodes { since } } }',
  ])('is refused by %s', async (field) => {
    const query = `query ($after: String, $id: ID! = "") { ${field} unused: circle(id: $id) { id } }`;
    const { errors } = await circles.ask(query, { after, id: circleId }, owner);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

test('a cursor of this list with forged values is refused, not an outage', async () => {
  const { data } = await circles.ask<{ circles: { pageInfo: { endCursor: string } } }>(
    '{ circles { pageInfo { endCursor } } }',
  );
  const [fingerprint] = JSON.parse(
    Buffer.from(data.circles.pageInfo.endCursor, 'base64url').toString(),
  ) as string[];
  for (const values of [
    ['yesterday at noon', 'x'],
    ['\0', '\0'],
    ['2026-01-01', '\0'],
    ['infinityy', ''],
  ]) {
    const after = cursorOf([fingerprint, ...values]);
    const { errors } = await circles.ask(
      'query ($after: String) { circles(after: $after) { nodes { id } } }',
      {
        after,
      },
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  }
});

test.each([0, -1, 101, 2_147_483_647])('pages of %i are refused', async (first) => {
  const { errors } = await circles.ask('query ($first: Int) { circles(first: $first) { nodes { id } } }', {
    first,
  });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test.each(['\0', 'x'.repeat(101), 'a b c d e f g h i'])('nobody searches for that (%#)', async (search) => {
  const { errors } = await circles.ask(
    'query ($search: String) { circles(search: $search) { nodes { id } } }',
    { search },
  );
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('texts that are empty, too long or cannot be kept are named by their field', async () => {
  const { userErrors } = await circles.act(
    'createCircle',
    {
      ...aCircle,
      name: '   ',
      about: 'x'.repeat(2_001),
      joinQuestions: ['ok', 'N\0L'],
      idempotencyKey: 'with space',
    },
    owner,
  );
  expect(userErrors.every(({ code }) => code === 'INVALID_INPUT')).toBe(true);
  expect(new Set(userErrors.map(({ field }) => field?.join('.')))).toEqual(
    new Set(['input.name', 'input.about', 'input.joinQuestions.1', 'input.idempotencyKey']),
  );
  const tooMany = { circleId, joinQuestions: Array.from({ length: 6 }, () => 'q') };
  expect(await circles.codes('updateCircle', tooMany, owner)).toEqual(['INVALID_INPUT']);
  const rows = await circles.app.database.db.selectFrom('circles').select('id').execute();
  expect(rows).toHaveLength(1);
});

test('messages come in the caller’s language', async () => {
  const { data } = await circles.ask<{ joinCircle: { userErrors: { message: string }[] } }>(
    'mutation ($input: JoinCircleInput!) { joinCircle(input: $input) { userErrors { message } } }',
    { input: { circleId: newId('cir') } },
    owner,
    'zh-CN',
  );
  expect(data.joinCircle.userErrors).toEqual([{ message: '没有这个圈子。' }]);
});
