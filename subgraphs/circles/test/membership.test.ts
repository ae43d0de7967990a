import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { aCircle, newPerson, startCircles } from './support.ts';

const circles = await sharedByTests(startCircles());

interface Membership {
  membership: { id: string; role: string; state: string; circle: { memberCount: string } } | null;
}
const selection = 'membership { id role state reason circle { memberCount } }';

async function memberCount(circleId: string): Promise<string> {
  const { data } = await circles.ask<{ circle: { memberCount: string } }>(
    'query ($id: ID!) { circle(id: $id) { memberCount } }',
    { id: circleId },
  );
  return data.circle.memberCount;
}

async function applicationsOf(circleId: string, as: { id: string }) {
  const { data } = await circles.ask<{ circle: { applications: { nodes: { id: string }[] } } }>(
    'query ($id: ID!) { circle(id: $id) { applications { nodes { id answers user { id } } } } }',
    { id: circleId },
    as,
  );
  return data.circle.applications.nodes;
}

test('whoever founds a circle owns it and is its first member', async () => {
  const owner = newPerson();
  const { circle } = await circles.act<{ circle: Record<string, unknown> }>(
    'createCircle',
    { ...aCircle, idempotencyKey: newId('key') },
    owner,
    `circle { name theme access memberCount trustCurrency requires { realNameLevel trustBand }
      operator { __typename ... on User { id } } myMembership { role state } }`,
  );
  expect(circle).toEqual({
    name: aCircle.name,
    theme: 'FITNESS',
    access: 'PUBLIC_READ',
    memberCount: '1',
    trustCurrency: ['SHARED_INTEREST'],
    requires: { realNameLevel: 'NONE', trustBand: null },
    operator: { __typename: 'User', id: owner.id },
    myMembership: { role: 'OWNER', state: 'ACTIVE' },
  });
});

test('the same key founds one circle, also at the same time; with another wish it is refused', async () => {
  const owner = newPerson();
  const input = { ...aCircle, idempotencyKey: newId('key') };
  const founded = await Promise.all(
    [1, 2, 3, 4].map(() =>
      circles.act<{ circle: { id: string } }>('createCircle', input, owner, 'circle { id memberCount }'),
    ),
  );
  expect(new Set(founded.map(({ circle }) => circle.id)).size).toBe(1);
  expect(await memberCount(founded[0]?.circle.id ?? '')).toBe('1');
  expect(await circles.codes('createCircle', { ...input, about: '换了说法' }, owner)).toEqual([
    'IDEMPOTENCY_KEY_REUSED',
  ]);
  // Another person's key is another key.
  expect(await circles.codes('createCircle', { ...input, about: '换了说法' }, newPerson())).toEqual([]);
});

test('an open circle is joined at once, and joining twice is joining once', async () => {
  const circleId = await circles.found(newPerson());
  const person = newPerson();
  for (const _time of [1, 2]) {
    const { membership } = await circles.act<Membership>('joinCircle', { circleId }, person, selection);
    expect(membership).toMatchObject({ role: 'MEMBER', state: 'ACTIVE', circle: { memberCount: '2' } });
  }
  for (const _time of [1, 2]) {
    const { membership } = await circles.act<Membership>('leaveCircle', { circleId }, person, selection);
    expect(membership).toMatchObject({ state: 'LEFT', circle: { memberCount: '1' } });
  }
});

test('coming and going is told once each', async () => {
  const circleId = await circles.found(newPerson());
  const person = newPerson();
  await circles.act('joinCircle', { circleId }, person);
  await circles.act('joinCircle', { circleId }, person);
  await circles.act('leaveCircle', { circleId }, person);
  const payload = { userId: person.id, circleId, theme: 'FITNESS' };
  const toldOfPerson = async () => {
    const events = await circles.told('circle.joined', 'circle.left');
    return events.filter((event) => event.payload['userId'] === person.id);
  };
  await expect.poll(toldOfPerson).toMatchObject([
    { type: 'circle.joined', subject: circleId, payload },
    { type: 'circle.left', subject: circleId, payload },
  ]);
});

test('who applies answers the questions, waits, and is let in or denied with a reason', async () => {
  const owner = newPerson();
  const circleId = await circles.found(owner, { access: 'APPLY', joinQuestions: ['为什么？ Why?'] });
  const [welcome, unwelcome] = [newPerson(), newPerson()];
  expect(await circles.codes('joinCircle', { circleId }, welcome)).toEqual(['INVALID_INPUT']);
  for (const person of [welcome, unwelcome]) {
    const input = { circleId, answers: ['想学太极'] };
    const { membership } = await circles.act<Membership>('joinCircle', input, person, selection);
    expect(membership).toMatchObject({ state: 'APPLIED', circle: { memberCount: '1' } });
  }

  const applications = await applicationsOf(circleId, owner);
  expect(applications).toMatchObject([
    { answers: ['想学太极'], user: { id: welcome.id } },
    { answers: ['想学太极'], user: { id: unwelcome.id } },
  ]);
  const [first, second] = applications.map(({ id }) => id);
  const accept = { applicationId: first, accept: true };
  expect(await circles.codes('decideApplication', accept, unwelcome)).toEqual(['FORBIDDEN']);
  expect(await circles.codes('decideApplication', accept, owner)).toEqual([]);
  expect(await circles.codes('decideApplication', accept, owner)).toEqual(['NOT_FOUND']);
  expect(await circles.codes('decideApplication', { applicationId: second, accept: false }, owner)).toEqual([
    'INVALID_INPUT',
  ]);
  const denial = { applicationId: second, accept: false, reason: '名额已满' };
  expect(await circles.codes('decideApplication', denial, owner)).toEqual([]);

  expect(await memberCount(circleId)).toBe('2');
  const { data } = await circles.ask(
    'query ($id: ID!) { circle(id: $id) { myMembership { state reason } } }',
    { id: circleId },
    unwelcome,
  );
  expect(data).toEqual({ circle: { myMembership: { state: 'DENIED', reason: '名额已满' } } });
});

test('closed doors say how they are closed', async () => {
  const owner = newPerson();
  const byInvitation = await circles.found(owner, { access: 'INVITE_ONLY' });
  const closed = await circles.found(owner, { access: 'CLOSED' });
  expect(await circles.codes('joinCircle', { circleId: byInvitation }, newPerson())).toEqual(['NOT_INVITED']);
  expect(await circles.codes('joinCircle', { circleId: closed }, newPerson())).toEqual(['FORBIDDEN']);
  expect(await circles.codes('joinCircle', { circleId: newId('cir') }, newPerson())).toEqual(['NOT_FOUND']);
});

test('real name and trust are asked for at the door, by what users has told', async () => {
  const [owner, person] = [newPerson(), newPerson()];
  const verify = (userId: string, realNameLevel: string) =>
    circles.tell('users', 'person.verified', { userId, realNameLevel });
  await verify(owner.id, 'FACE_LIVENESS');
  await circles.tell('users', 'trust.changed', { userId: owner.id, band: 'HIGH' });
  const demanding = { realNameLevel: 'THREE_FACTOR', trustBand: 'GOOD' };
  expect(
    await circles.codes('createCircle', { ...aCircle, ...demanding, idempotencyKey: 'mine' }, person),
  ).toEqual(['REAL_NAME_REQUIRED']);
  const circleId = await circles.found(owner, demanding);

  const join = () => circles.codes('joinCircle', { circleId }, person);
  expect(await join()).toEqual(['REAL_NAME_REQUIRED']);
  await verify(person.id, 'TWO_FACTOR');
  expect(await join()).toEqual(['REAL_NAME_REQUIRED']);
  await verify(person.id, 'THREE_FACTOR');
  expect(await join()).toEqual(['TRUST_TOO_LOW']);
  await circles.tell('users', 'trust.changed', { userId: person.id, band: 'GOOD' });
  expect(await join()).toEqual([]);
});

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
  const { membership } = await circles.act<Membership>('joinCircle', { circleId }, person, selection);
  expect(membership).toMatchObject({ state: 'MUTED', circle: { memberCount: '2' } });
  expect(await put('BANNED')).toEqual([]);
  expect(await memberCount(circleId)).toBe('1');
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
  expect(await memberCount(circleId)).toBe('1');
});

test('a circle about wealth is founded in the name of a licensed organisation alone', async () => {
  const [owner, employee] = [newPerson(), newPerson()];
  const [insurer, charity, company] = [newId('org'), newId('org'), newId('org')];
  const licence = (validTo: string) => ({ number: 'X-1', validFrom: '2020-01-01', validTo });
  const verified = (organisationId: string, kinds: string[], held: unknown) =>
    circles.tell('users', 'organisation.verified', { organisationId, kinds, licence: held });
  await verified(insurer, ['INSURER'], null);
  await verified(charity, ['CHARITY'], licence('2999-12-31'));
  await verified(company, ['COMPANY'], licence('2021-01-01'));
  for (const organisationId of [insurer, charity, company])
    await circles.tell('users', 'organisation.member_set', {
      organisationId,
      userId: owner.id,
      role: 'OWNER',
    });
  await circles.tell('users', 'organisation.member_set', {
    organisationId: insurer,
    userId: employee.id,
    role: 'MEMBER',
  });
  const found = (as: { id: string }, organisationId?: string) =>
    circles.codes(
      'createCircle',
      { ...aCircle, theme: 'WEALTH', organisationId, idempotencyKey: newId('key') },
      as,
    );
  expect(await found(owner)).toEqual(['LICENCE_REQUIRED']);
  expect(await found(owner, charity)).toEqual(['LICENCE_REQUIRED']);
  expect(await found(owner, company)).toEqual(['LICENCE_REQUIRED']);
  await verified(company, ['COMPANY'], licence('2999-12-31'));
  expect(await found(owner, company)).toEqual([]);
  expect(await found(employee, insurer)).toEqual(['FORBIDDEN']);
  expect(await found(owner, insurer)).toEqual([]);
  await verified(company, [], null);
  expect(await found(owner, company)).toEqual(['FORBIDDEN']);
  await circles.tell('users', 'organisation.member_set', {
    organisationId: insurer,
    userId: owner.id,
    role: null,
  });
  expect(await found(owner, insurer)).toEqual(['FORBIDDEN']);

  const { data } = await circles.ask(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Organisation { circles { nodes { theme operator { __typename } } } } } }`,
    { representations: [{ __typename: 'Organisation', id: insurer }] },
  );
  expect(data).toEqual({
    _entities: [{ circles: { nodes: [{ theme: 'WEALTH', operator: { __typename: 'Organisation' } }] } }],
  });
});

test('within one operation, what is read after a change shows the change', async () => {
  const circleId = await circles.found(newPerson());
  const { data } = await circles.ask(
    `mutation ($input: CircleInput!, $join: JoinCircleInput!) {
      joined: joinCircle(input: $join) { membership { state circle { memberCount myMembership { state } } } }
      left: leaveCircle(input: $input) { membership { state circle { memberCount myMembership { state } } } }
    }`,
    { input: { circleId }, join: { circleId } },
    newPerson(),
  );
  const seen = (state: string, count: string) => ({
    membership: { state, circle: { memberCount: count, myMembership: { state } } },
  });
  expect(data).toEqual({ joined: seen('ACTIVE', '2'), left: seen('LEFT', '1') });
});

test('what an operator changes, changes, and nothing else', async () => {
  const owner = newPerson();
  const circleId = await circles.found(owner);
  const change = { circleId, about: '改教八段锦 Now we practise yoga', access: 'APPLY' };
  expect(await circles.codes('updateCircle', change, newPerson())).toEqual(['FORBIDDEN']);
  const { circle } = await circles.act<{ circle: unknown }>(
    'updateCircle',
    change,
    owner,
    'circle { name about access joinQuestions }',
  );
  expect(circle).toEqual({ name: aCircle.name, about: change.about, access: 'APPLY', joinQuestions: [] });
});

test('nobody comes and goes all day', async () => {
  const person = newPerson();
  const outcomes = [];
  for (let comes = 0; comes < 61; comes += 1)
    outcomes.push(...(await circles.codes('joinCircle', { circleId: newId('cir') }, person)));
  expect(outcomes.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 'NOT_FOUND'));
  expect(outcomes[60]).toBe('RATE_LIMITED');
});
