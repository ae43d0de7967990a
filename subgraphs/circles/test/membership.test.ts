import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { aCircle, membershipFields, newPerson, startCircles, type MembershipData } from './support.ts';

const circles = await sharedByTests(startCircles());

async function applicationsOf(circleId: string, as: { id: string }) {
  const { data } = await circles.ask<{ circle: { applications: { nodes: { id: string }[] } } }>(
    'query ($id: ID!) { circle(id: $id) { applications { nodes { id answers user { id } } } } }',
    { id: circleId },
    as,
  );
  return data.circle.applications.nodes;
}

test('an open circle is joined at once, and joining twice is joining once', async () => {
  const circleId = await circles.found(newPerson());
  const person = newPerson();
  for (const _time of [1, 2]) {
    const { membership } = await circles.act<MembershipData>(
      'joinCircle',
      { circleId },
      person,
      membershipFields,
    );
    expect(membership).toMatchObject({ role: 'MEMBER', state: 'ACTIVE', circle: { memberCount: '2' } });
  }
  for (const _time of [1, 2]) {
    const { membership } = await circles.act<MembershipData>(
      'leaveCircle',
      { circleId },
      person,
      membershipFields,
    );
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
    const { membership } = await circles.act<MembershipData>('joinCircle', input, person, membershipFields);
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

  expect(await circles.memberCount(circleId)).toBe('2');
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

test('nobody comes and goes all day', async () => {
  const person = newPerson();
  const outcomes = [];
  for (let comes = 0; comes < 61; comes += 1)
    outcomes.push(...(await circles.codes('joinCircle', { circleId: newId('cir') }, person)));
  expect(outcomes.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 'NOT_FOUND'));
  expect(outcomes[60]).toBe('RATE_LIMITED');
});
