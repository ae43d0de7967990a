import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { newPerson, startCircles } from './support.ts';

const owner = newPerson();
const member = newPerson();
const stranger = newPerson();

const circles = await sharedByTests(startCircles());
const closed = await circles.found(owner);
const open = await circles.found(owner);
const { membership } = await circles.act<{ membership: { id: string } }>(
  'joinCircle',
  { circleId: closed },
  member,
  'membership { id }',
);
await circles.act('updateCircle', { circleId: closed, access: 'CLOSED' }, owner);
const { post: closedPost } = await circles.act<{ post: { id: string } }>(
  'postToCircle',
  { circleId: closed, body: '只给自己人看', idempotencyKey: newId('key') },
  member,
  'post { id }',
);

const entities = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Viewer {
        id
        circleMemberships {
          nodes {
            state
          }
        }
        recommendedCircles {
          circle {
            id
          }
        }
      }
      ... on CircleMembership {
        id
        state
        reason
      }
      ... on CirclePost {
        id
        body
      }
    }
  }
`;

test('a stranger gets nothing private by asking for the entity', async () => {
  const representations = [
    { __typename: 'Viewer', id: member.id, matchingTags: ['DANCE'] },
    { __typename: 'CircleMembership', id: membership.id },
    { __typename: 'CirclePost', id: closedPost.id },
  ];
  const anonymous = await circles.ask(entities, { representations });
  expect(anonymous.data).toEqual({ _entities: [null, null, null] });
  expect(anonymous.errors?.map(({ extensions }) => extensions.code)).toEqual(
    Array.from({ length: 3 }, () => 'UNAUTHENTICATED'),
  );
  const staff = { ...stranger, roles: ['MODERATOR', 'ACCOUNTANT'] };
  const other = await circles.ask(entities, { representations }, staff);
  expect(other.data).toEqual({ _entities: [null, null, null] });
  expect(other.errors?.map(({ extensions }) => extensions.code)).toEqual(
    Array.from({ length: 3 }, () => 'FORBIDDEN'),
  );
});

test('the one whom it concerns gets it', async () => {
  const representations = [
    { __typename: 'Viewer', id: member.id },
    { __typename: 'CircleMembership', id: membership.id },
    { __typename: 'CirclePost', id: closedPost.id },
  ];
  const answer = await circles.ask(entities, { representations }, member);
  expect(answer).toEqual({
    data: {
      _entities: [
        { id: member.id, circleMemberships: { nodes: [{ state: 'ACTIVE' }] }, recommendedCircles: [] },
        { id: membership.id, state: 'ACTIVE', reason: null },
        { id: closedPost.id, body: '只给自己人看' },
      ],
    },
  });
});

test('a colleague in the circle does not see another’s membership, nor an owner a member’s', async () => {
  for (const curious of [owner, stranger]) {
    const representations = [{ __typename: 'CircleMembership', id: membership.id }];
    const answer = await circles.ask(entities, { representations }, curious);
    expect(answer.data).toEqual({ _entities: [null] });
  }
});

const lists = /* GraphQL */ `
  query ($id: ID!) {
    circle(id: $id) {
      name
      posts {
        nodes {
          body
        }
      }
      members {
        nodes {
          user {
            id
          }
        }
      }
      applications {
        nodes {
          id
        }
      }
      moderationLog {
        nodes {
          id
        }
      }
    }
  }
`;

test('members are for members, applications and the log for operators, posts behind doors for who is in', async () => {
  const see = async (circleId: string, as: { id: string } | null) => {
    const { data, errors } = await circles.ask<{ circle: Record<string, unknown> }>(
      lists,
      { id: circleId },
      as,
    );
    const refused = (errors ?? []).map(({ path, extensions }) => [path?.[1], extensions.code]);
    for (const [field] of refused) expect(data.circle[String(field)]).toBeNull();
    return Object.fromEntries(refused) as Record<string, string>;
  };
  const all = ['posts', 'members', 'applications', 'moderationLog'];
  const refusedAll = (code: string, fields = all) => Object.fromEntries(fields.map((field) => [field, code]));
  expect(await see(closed, null)).toEqual(refusedAll('UNAUTHENTICATED'));
  expect(await see(closed, stranger)).toEqual(refusedAll('FORBIDDEN'));
  expect(await see(closed, member)).toEqual(refusedAll('FORBIDDEN', all.slice(2)));
  expect(await see(closed, owner)).toEqual({});
  expect(await see(open, stranger)).toEqual(refusedAll('FORBIDDEN', all.slice(1)));
});

test('who has left or was banned is a stranger again', async () => {
  const person = newPerson();
  const circleId = await circles.found(owner);
  await circles.act('joinCircle', { circleId }, person);
  await circles.act('updateCircle', { circleId, access: 'INVITE_ONLY' }, owner);
  const codes = async () => {
    const { errors } = await circles.ask(lists, { id: circleId }, person);
    return errors?.map(({ path }) => path?.[1]);
  };
  expect(await codes()).toEqual(['applications', 'moderationLog']);
  await circles.act('setMember', { circleId, userId: person.id, state: 'BANNED', reason: '推销' }, owner);
  expect(await codes()).toEqual(['posts', 'members', 'applications', 'moderationLog']);
});

test('whoever is not signed in changes nothing', async () => {
  const { data, errors } = await circles.ask(
    'mutation ($input: JoinCircleInput!) { joinCircle(input: $input) { membership { id } } }',
    { input: { circleId: open } },
  );
  expect(data).toBeNull();
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
