import { createRedis, type Limiter } from '@banyan/kit/cache';
import { newId } from '@banyan/kit/graphql';
import { createLogger } from '@banyan/kit/service';
import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createLimits } from '../src/limits.ts';
import { startOrganisations } from './organisations.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startOrganisations());
const { reviewer, create, found, setMember } = users;

test('a founder is the first owner, and a repeated key gives the organisation of the first time', async () => {
  const founder = await users.person();
  const input = { name: '爱心慈善会 Loving Hearts', kinds: ['CHARITY', 'HOSPITAL'], idempotencyKey: 'once' };
  const first = await create(founder, input);
  const [again, together] = await Promise.all([create(founder, input), create(founder, input)]);
  expect([again.organisation?.id, together.organisation?.id]).toEqual([
    first.organisation?.id,
    first.organisation?.id,
  ]);
  expect(first.organisation).toMatchObject({ verifiedAt: null, publicFundraisingLicence: null });
  expect((await create(founder, { ...input, name: 'Other' })).userErrors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
  const { data } = await users.ask(
    '{ me { organisations { role organisation { id name } user { id } } } }',
    {},
    founder,
  );
  expect(data).toMatchObject({
    me: {
      organisations: [
        { role: 'OWNER', organisation: { id: first.organisation?.id }, user: { id: founder.id } },
      ],
    },
  });
  expect(await users.told(first.organisation?.id ?? '')).toEqual([
    {
      type: 'organisation.member_set',
      payload: { organisationId: first.organisation?.id, userId: founder.id, role: 'OWNER' },
    },
  ]);
});

test('what is no organisation is refused, each field by its name', async () => {
  const { userErrors } = await create(await users.person(), {
    name: ' ',
    kinds: ['CHARITY', 'CHARITY'],
    idempotencyKey: 'with space',
  });
  expect(userErrors.map(({ code, field }) => [code, field?.[1]])).toEqual([
    ['INVALID_INPUT', 'name'],
    ['INVALID_INPUT', 'kinds'],
    ['INVALID_INPUT', 'idempotencyKey'],
  ]);
});

test('owners set everybody, administrators set members, members only go', async () => {
  const [owner, admin, member, newcomer] = await Promise.all([1, 2, 3, 4].map(() => users.person()));
  if (!owner || !admin || !member || !newcomer) throw new Error('four people');
  const id = await found(owner);
  expect(await setMember(owner, id, admin.id, 'ADMIN')).toEqual([]);
  expect(await setMember(admin, id, member.id, 'MEMBER')).toEqual([]);
  expect(await setMember(admin, id, newcomer.id, 'ADMIN')).toEqual(['FORBIDDEN']);
  expect(await setMember(admin, id, owner.id, null)).toEqual(['FORBIDDEN']);
  expect(await setMember(member, id, newcomer.id, 'MEMBER')).toEqual(['FORBIDDEN']);
  expect(await setMember(newcomer, id, newcomer.id, 'MEMBER')).toEqual(['FORBIDDEN']);
  expect(await setMember(member, id, member.id, 'ADMIN')).toEqual(['FORBIDDEN']);
  expect(await setMember(member, id, member.id, null)).toEqual([]);
  expect(await setMember(owner, id, newId('usr'), 'MEMBER')).toEqual(['NOT_FOUND']);
  expect(await setMember(owner, newId('org'), member.id, 'MEMBER')).toEqual(['NOT_FOUND']);
  const roles = (await users.told(id)).map(({ payload }) => [payload['userId'], payload['role']]);
  expect(roles).toEqual([
    [owner.id, 'OWNER'],
    [admin.id, 'ADMIN'],
    [member.id, 'MEMBER'],
    [member.id, null],
  ]);
});

test('an organisation keeps an owner, also when both go at once', async () => {
  const [one, other] = [await users.person(), await users.person()];
  const id = await found(one);
  expect(await setMember(one, id, one.id, null)).toEqual(['FORBIDDEN']);
  expect(await setMember(one, id, one.id, 'MEMBER')).toEqual(['FORBIDDEN']);
  await setMember(one, id, other.id, 'OWNER');
  const both = await Promise.all([setMember(one, id, one.id, null), setMember(other, id, other.id, null)]);
  expect(both.flat()).toEqual(['FORBIDDEN']);
});

const members = /* GraphQL */ `
  query ($ids: [_Any!]!, $first: Int) {
    _entities(representations: $ids) {
      ... on Organisation {
        name
        members(first: $first) {
          nodes {
            role
            user {
              displayName
            }
            organisation {
              name
            }
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`;

test('members are for members and staff, and cost the same queries however many there are', async () => {
  const owner = await users.person();
  const ids = [await found(owner), await found(owner), await found(owner)];
  for (const id of ids.slice(1))
    for (let more = 0; more < 3; more += 1) await setMember(owner, id, (await users.person()).id, 'MEMBER');
  const representations = (some: string[]) => some.map((id) => ({ __typename: 'Organisation', id }));
  const ask = (some: string[], as: { id: string; roles?: string[] } | null) =>
    countQueries(users.app.database, () =>
      users.ask<{ _entities: { members: { nodes: unknown[] } | null }[] }>(
        members,
        { ids: representations(some), first: 10 },
        as,
      ),
    );
  const quiet = async (some: string[], as: { id: string; roles?: string[] }) => {
    const counts = [];
    for (let turn = 0; turn < 3; turn += 1) counts.push((await ask(some, as)).queries);
    return Math.min(...counts);
  };
  expect(await quiet(ids, owner)).toBe(await quiet(ids.slice(0, 1), owner));
  const { result } = await ask(ids, owner);
  expect(result.data._entities.map((each) => each.members?.nodes.length)).toEqual([1, 4, 4]);
  for (const stranger of [null, await users.person()]) {
    const { result: refused } = await ask(ids.slice(0, 1), stranger);
    expect(refused.data._entities[0]?.members).toBeNull();
  }
  expect((await ask(ids.slice(0, 1), reviewer)).result.data._entities[0]?.members).not.toBeNull();
});

test('nobody is told of roles without end', async () => {
  const log = createLogger({ service: 'users', level: 'silent' });
  const limits = createLimits(createRedis({ log }));
  const spent: Limiter = {
    attempt: () => Promise.resolve({ allowed: false, remaining: 0, retryAfterSeconds: 60 }),
    forget: () => Promise.resolve(),
  };
  const strict = await startUsers({ overrides: { limits: { ...limits, rolesGiven: spent } } });
  onTestFinished(() => strict.stop());
  const [owner, other] = [await strict.person(), await strict.person()];
  const input = { organisationId: newId('org'), userId: other.id, role: 'MEMBER' };
  expect(await strict.codes('setOrganisationMember', input, owner)).toEqual(['RATE_LIMITED']);
});
