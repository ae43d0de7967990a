import { countQueries, sharedByTests } from '@banyan/kit/testing';
import { relations } from '@banyan/vocabulary';
import { expect, test } from 'vitest';
import { inverseOf } from '../src/domain/relations.ts';
import { startUsers } from './support.ts';

const users = await sharedByTests(startUsers());

interface Relative {
  id: string;
  user: { id: string } | null;
  relation: string;
  state: string;
  verifiedAt: string | null;
}
const selection = 'relative { id user { id } relation state byDocument verifiedAt }';
const request = (as: { id: string }, phone: string, relation: string) =>
  users.act<{ relative: Relative | null }>('requestRelative', { phone, relation }, as, selection);
const answer = (as: { id: string }, relativeId: string, accept: boolean) =>
  users.act<{ relative: Relative | null }>('confirmRelative', { relativeId, accept }, as, selection);
const relativesOf = async (as: { id: string }) => {
  const { data } = await users.ask<{ me: { relatives: { nodes: Relative[] } } }>(
    '{ me { relatives { nodes { id user { id } relation state verifiedAt } } } }',
    {},
    as,
  );
  return data.me.relatives.nodes;
};
const kinships = async (id: string) =>
  (await users.told(id)).filter(({ type }) => type.startsWith('relatives.'));

test('what I am to you, you are the inverse to me, and twice inverted is the same', () => {
  expect(Object.fromEntries(relations.map((relation) => [relation, inverseOf(relation)]))).toEqual({
    SELF: 'SELF',
    SPOUSE: 'SPOUSE',
    PARENT: 'CHILD',
    CHILD: 'PARENT',
    GRANDPARENT: 'GRANDCHILD',
    GRANDCHILD: 'GRANDPARENT',
    SIBLING: 'SIBLING',
  });
  for (const relation of relations) expect(inverseOf(inverseOf(relation))).toBe(relation);
});

test('the answer to a request says nothing of whether the phone is known', async () => {
  const asker = await users.person();
  const known = await users.person();
  const answers = [
    await request(asker, known.phone, 'PARENT'),
    await request(asker, '+8613500000001', 'PARENT'),
  ];
  const bare = answers.map(({ relative, userErrors }) => ({ ...relative, id: '', userErrors }));
  expect(bare[0]).toEqual(bare[1]);
  expect(bare[0]).toMatchObject({ user: null, relation: 'PARENT', state: 'REQUESTED', userErrors: [] });
  expect((await relativesOf(asker)).map(({ user }) => user)).toEqual([null, null]);
  // Asked again, either is the request of the first time.
  const again = [
    await request(asker, known.phone, 'PARENT'),
    await request(asker, '+8613500000001', 'PARENT'),
  ];
  expect(again.map(({ relative }) => relative?.id)).toEqual(answers.map(({ relative }) => relative?.id));
});

test('the other side confirms, and each sees the other from their own side', async () => {
  const child = await users.person();
  const mother = await users.person();
  const { relative } = await request(child, mother.phone, 'PARENT');
  const id = relative?.id ?? '';
  expect(await relativesOf(mother)).toMatchObject([
    { id, user: { id: child.id }, relation: 'CHILD', state: 'REQUESTED' },
  ]);
  expect((await answer(child, id, true)).userErrors).toMatchObject([{ code: 'FORBIDDEN' }]);
  expect((await answer(await users.person(), id, true)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);

  const confirmed = await answer(mother, id, true);
  expect(confirmed.relative).toMatchObject({ user: { id: child.id }, relation: 'CHILD', state: 'VERIFIED' });
  expect(await relativesOf(child)).toMatchObject([
    { user: { id: mother.id }, relation: 'PARENT', state: 'VERIFIED' },
  ]);
  // Confirming twice tells once.
  await answer(mother, id, true);
  expect([await kinships(child.id), await kinships(mother.id)]).toEqual([
    [
      {
        type: 'relatives.confirmed',
        payload: { personId: child.id, relativeId: mother.id, relation: 'PARENT' },
      },
    ],
    [
      {
        type: 'relatives.confirmed',
        payload: { personId: mother.id, relativeId: child.id, relation: 'CHILD' },
      },
    ],
  ]);
});

test('either can end a kinship, which is told for both directions', async () => {
  const [one, other] = [await users.person(), await users.person()];
  const { relative } = await request(one, other.phone, 'SIBLING');
  await answer(other, relative?.id ?? '', true);
  const ended = await answer(one, relative?.id ?? '', false);
  expect(ended.relative?.state).toBe('REVOKED');
  for (const { id } of [one, other])
    expect((await kinships(id)).map(({ type }) => type)).toEqual([
      'relatives.confirmed',
      'relatives.revoked',
    ]);
  expect([await relativesOf(one), await relativesOf(other)]).toEqual([[], []]);
  // It can be asked anew.
  expect((await request(one, other.phone, 'SIBLING')).relative?.state).toBe('REQUESTED');
});

test('a declined request is not asked again; a request can be taken back', async () => {
  const [one, other] = [await users.person(), await users.person()];
  const { relative } = await request(one, other.phone, 'SPOUSE');
  const id = relative?.id ?? '';
  expect((await answer(other, id, false)).relative?.state).toBe('DECLINED');
  await answer(one, id, false);
  expect((await request(one, other.phone, 'SPOUSE')).relative).toMatchObject({ id, state: 'DECLINED' });
  expect(await kinships(one.id)).toEqual([]);

  const third = await users.person();
  const open = await request(one, third.phone, 'CHILD');
  expect((await answer(one, open.relative?.id ?? '', false)).relative?.state).toBe('REVOKED');
  expect((await answer(third, open.relative?.id ?? '', true)).userErrors).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
});

test('both asking the same of each other is confirmation; asking another thing is not', async () => {
  const [grandma, grandson] = [await users.person(), await users.person()];
  await request(grandma, grandson.phone, 'GRANDCHILD');
  expect((await request(grandson, grandma.phone, 'PARENT')).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'relation'] },
  ]);
  expect((await request(grandson, grandma.phone, 'GRANDPARENT')).relative).toMatchObject({
    user: { id: grandma.id },
    relation: 'GRANDPARENT',
    state: 'VERIFIED',
  });
  expect(await kinships(grandson.id)).toHaveLength(1);
});

test('who signs in later finds what was asked of the phone before', async () => {
  const asker = await users.person();
  const phone = '+8613500000099';
  await request(asker, phone, 'CHILD');
  const late = await users.person(phone);
  expect(await relativesOf(late)).toMatchObject([
    { user: { id: asker.id }, relation: 'PARENT', state: 'REQUESTED' },
  ]);
  const { data } = await users.ask<{ me: { unreadCount: number } }>('{ me { unreadCount } }', {}, late);
  expect(data.me.unreadCount).toBe(1);
});

test('who signs in later hears nothing of what was taken back before', async () => {
  const asker = await users.person();
  const phone = '+8613500000098';
  const { relative } = await request(asker, phone, 'CHILD');
  await answer(asker, relative?.id ?? '', false);
  await request(asker, phone, 'SPOUSE');
  const late = await users.person(phone);
  expect(await relativesOf(late)).toMatchObject([{ relation: 'SPOUSE', state: 'REQUESTED' }]);
  const { data } = await users.ask<{ me: { unreadCount: number } }>('{ me { unreadCount } }', {}, late);
  expect(data.me.unreadCount).toBe(1);
});

test('one is no relative of oneself, and asks only so many a day', async () => {
  const me = await users.person();
  expect((await request(me, me.phone, 'SIBLING')).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'phone'] },
  ]);
  expect((await request(me, '+8613500000002', 'SELF')).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'relation'] },
  ]);
  const codes = [];
  for (let asked = 0; asked < 12; asked += 1)
    codes.push(
      (await request(me, `+861350001${String(asked).padStart(4, '0')}`, 'CHILD')).userErrors[0]?.code,
    );
  expect(codes.at(-1)).toBe('RATE_LIMITED');
});

test('a stranger gets nothing of a kinship by asking for the entity', async () => {
  const [one, other, stranger] = [await users.person(), await users.person(), await users.person()];
  const { relative } = await request(one, other.phone, 'SPOUSE');
  const query = /* GraphQL */ `
    query ($id: ID!) {
      _entities(representations: [{ __typename: "Relative", id: $id }]) {
        ... on Relative {
          relation
        }
      }
    }
  `;
  const seenBy = async (as: { id: string; roles?: string[] } | null) =>
    (await users.ask<{ _entities: unknown[] }>(query, { id: relative?.id }, as)).data._entities;
  expect(await seenBy(null)).toEqual([null]);
  expect(await seenBy({ ...stranger, roles: ['CUSTOMER_SERVICE', 'REVIEWER'] })).toEqual([null]);
  expect(await seenBy(other)).toEqual([{ relation: 'SPOUSE' }]);
});

test('a list of relatives costs the same queries however long it is', async () => {
  const me = await users.person();
  for (let more = 0; more < 4; more += 1) await request(await users.person(), me.phone, 'SIBLING');
  const cost = async (first: number) => {
    const query = `{ me { relatives(first: ${first}) { nodes { relation user { displayName } } } } }`;
    const costs = [];
    for (let turn = 0; turn < 3; turn += 1)
      costs.push((await countQueries(users.app.database, () => users.ask(query, {}, me))).queries);
    // The clock of trust may look in between; the least is what the list costs.
    return Math.min(...costs);
  };
  expect([await cost(1), await cost(4)]).toEqual([2, 2]);
});
