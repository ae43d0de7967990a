import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { membershipFields, newPerson, startCircles, type MembershipData } from './support.ts';

const circles = await sharedByTests(startCircles());

test('roles are given downwards, with a reason that the log keeps', async () => {
  const owner = newPerson();
  const circleId = await circles.found(owner);
  const [operator, moderator, member] = [newPerson(), newPerson(), newPerson()];
  for (const person of [operator, moderator, member]) await circles.act('joinCircle', { circleId }, person);
  const set = (as: { id: string }, userId: string, change: Record<string, unknown>) =>
    circles.codes('setMember', { circleId, userId, reason: '商量好的', ...change }, as);

  expect(await set(member, member.id, { role: 'OPERATOR' })).toEqual(['FORBIDDEN']);
  expect(await set(owner, operator.id, { role: 'OPERATOR' })).toEqual([]);
  expect(await set(operator, moderator.id, { role: 'MODERATOR' })).toEqual([]);
  expect(await set(operator, member.id, { role: 'OPERATOR' })).toEqual(['FORBIDDEN']);
  expect(await set(operator, owner.id, { state: 'BANNED' })).toEqual(['FORBIDDEN']);
  expect(await set(moderator, member.id, { role: 'MODERATOR' })).toEqual(['FORBIDDEN']);
  expect(await set(moderator, member.id, { state: 'MUTED' })).toEqual([]);
  expect(await set(owner, member.id, { state: 'APPLIED' })).toEqual(['INVALID_INPUT']);
  expect(await set(owner, newPerson().id, { state: 'MUTED' })).toEqual(['NOT_FOUND']);

  const { data } = await circles.ask(
    'query ($id: ID!) { circle(id: $id) { moderationLog { nodes { action subject reason by { id } } } } }',
    { id: circleId },
    operator,
  );
  expect(data).toEqual({
    circle: {
      moderationLog: {
        nodes: [
          { action: 'STATE_MUTED', subject: member.id, reason: '商量好的', by: { id: moderator.id } },
          { action: 'ROLE_MODERATOR', subject: moderator.id, reason: '商量好的', by: { id: operator.id } },
          { action: 'ROLE_OPERATOR', subject: operator.id, reason: '商量好的', by: { id: owner.id } },
        ],
      },
    },
  });
});

test('who leaves while muted comes back muted; who is banned does not come back', async () => {
  const owner = newPerson();
  const circleId = await circles.found(owner);
  const person = newPerson();
  await circles.act('joinCircle', { circleId }, person);
  const put = (state: string) =>
    circles.codes('setMember', { circleId, userId: person.id, state, reason: '刷屏' }, owner);
  expect(await put('MUTED')).toEqual([]);
  await circles.act('leaveCircle', { circleId }, person);
  const { membership } = await circles.act<MembershipData>(
    'joinCircle',
    { circleId },
    person,
    membershipFields,
  );
  expect(membership).toMatchObject({ state: 'MUTED', circle: { memberCount: '2' } });
  expect(await put('BANNED')).toEqual([]);
  expect(await circles.memberCount(circleId)).toBe('1');
  expect(await circles.codes('leaveCircle', { circleId }, person)).toEqual([]);
  expect(await circles.codes('joinCircle', { circleId }, person)).toEqual(['FORBIDDEN']);
});

test('a circle keeps an owner, also when the last two go at the same time', async () => {
  const [one, two] = [newPerson(), newPerson()];
  const circleId = await circles.found(one);
  expect(await circles.codes('leaveCircle', { circleId }, one)).toEqual(['FORBIDDEN']);
  await circles.act('joinCircle', { circleId }, two);
  const promotion = { circleId, userId: two.id, role: 'OWNER', reason: '一起管理' };
  expect(await circles.codes('setMember', promotion, one)).toEqual([]);
  const outcomes = await Promise.all(
    [one, two].map((who) => circles.codes('leaveCircle', { circleId }, who)),
  );
  expect(outcomes.flat()).toEqual(['FORBIDDEN']);
  expect(await circles.memberCount(circleId)).toBe('1');
});
