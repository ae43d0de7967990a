import { newId } from '@banyan/kit/graphql';
import { sharedByTests } from '@banyan/kit/testing';
import { expect, test } from 'vitest';
import { aCircle, newPerson, startCircles } from './support.ts';

const circles = await sharedByTests(startCircles());

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
  expect(await circles.memberCount(founded[0]?.circle.id ?? '')).toBe('1');
  expect(await circles.codes('createCircle', { ...input, about: '换了说法' }, owner)).toEqual([
    'IDEMPOTENCY_KEY_REUSED',
  ]);
  // Another person's key is another key.
  expect(await circles.codes('createCircle', { ...input, about: '换了说法' }, newPerson())).toEqual([]);
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
