import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

/** Seats in rows, some of them empty; who sits there is known elsewhere, and of number 3 nobody knows the mood. */
const hall = () =>
  Graph.open({
    hall: {
      sdl: `type Query { rows: [[Seat]!]  sure: [[Seat!]!]  first: Seat }
        type Seat { number: Int!  guest: Guest }
        type Guest @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          rows: () => [[seat(1), null], [], [seat(2), seat(3), { number: 9, guest: null }]],
          sure: () => [[seat(3)], [seat(1)]],
          first: () => seat(1),
        },
      },
    },
    guests: {
      sdl: `type Guest @key(fields: "id") { id: ID!  name: String!  mood(of: String): String  friends: [[Guest!]] }`,
      resolvers: {
        Guest: {
          __resolveReference: ({ id }: { id: string }) => ({ id, name: `G${id}` }),
          mood: ({ id }: { id: string }) =>
            id === '3' ? Promise.reject(new Error('Nobody knows.')) : Promise.resolve('glad'),
          friends: () => [null, [{ id: '3', name: 'G3' }]],
        },
      },
    },
  });
const seat = (number: number) => ({ number, guest: { id: String(number) } });

describe('in lists of lists', () => {
  test('with nulls and empty lists each finds its place', async () => {
    const asked = await expectOfBoth(await hall(), '{ rows { guest { name } } }', {
      data: {
        rows: [
          [{ guest: { name: 'G1' } }, null],
          [],
          [{ guest: { name: 'G2' } }, { guest: { name: 'G3' } }, { guest: null }],
        ],
      },
    });
    expect(asked[1]?.representations).toHaveLength(3);
  });

  test('an error has the client’s names and the place of each object that it is about', async () => {
    const data = {
      lines: [
        [{ who: { feels: 'glad' } }, null],
        [],
        [{ who: { feels: 'glad' } }, { who: { feels: null } }, { who: null }],
      ],
      sure: [[{ guest: { feels: null } }], [{ guest: { feels: 'glad' } }]],
    };
    const query = '{ lines: rows { who: guest { feels: mood } } sure { guest { feels: mood } } }';
    const { stock } = await (await hall()).ask(query, {});
    await expectOfEach(await hall(), query, {
      ours: {
        data,
        errors: [
          { message: 'Nobody knows.', path: ['lines', 2, 1, 'who', 'feels'] },
          { message: 'Nobody knows.', path: ['sure', 0, 0, 'guest', 'feels'] },
        ],
      },
      stock,
    });
  });

  test('an error below a list that an entity brought keeps both paths', async () => {
    await expectOfBoth(await hall(), '{ first { guest { circle: friends { mood } } } }', {
      data: { first: { guest: { circle: [null, [{ mood: null }]] } } },
      errors: [{ message: 'Nobody knows.', path: ['first', 'guest', 'circle', 1, 0, 'mood'] }],
    });
  });
});

describe('under @skip and @include', () => {
  const query = `query ($name: Boolean!, $mood: Boolean! = false, $of: String) {
    first { number guest { ...Named @skip(if: $name) mood(of: $of) @include(if: $mood) } } }
    fragment Named on Guest { name }`;

  test.each([
    [{ name: false }, { name: 'G1' }, ['hall', 'guests']],
    [{ name: false, mood: true, of: 'today' }, { name: 'G1', mood: 'glad' }, ['hall', 'guests']],
    [{ name: true, mood: true, of: '' }, { mood: 'glad' }, ['hall', 'guests']],
    [{ name: true }, {}, ['hall', 'guests']],
  ])('with %j an entity is %j', async (variables, guest, subgraphs) => {
    const asked = await expectOfBoth(
      await hall(),
      query,
      { data: { first: { number: 1, guest } } },
      variables,
    );
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(subgraphs);
  });

  test('an entity is not asked for where nothing of it is wanted', async () => {
    const asked = await expectOfBoth(
      await hall(),
      'query ($all: Boolean!) { first { number guest @include(if: $all) { name } } }',
      { data: { first: { number: 1 } } },
      { all: false },
    );
    expect(asked).toHaveLength(1);
  });

  test('an object of which every field is left out is there, and empty', async () => {
    await expectOfBoth(
      await hall(),
      'query ($all: Boolean!) { first { number @include(if: $all) guest @include(if: $all) { name } } }',
      { data: { first: {} } },
      { all: false },
    );
    await expectOfEach(
      await hall(),
      'query ($no: Boolean!) { first @skip(if: $no) { number @include(if: false) } }',
      { ours: { data: { first: {} } }, stock: { data: { first: null } } },
      { no: false },
    );
  });

  test('objects of another subgraph of which a condition leaves out every field are there, and empty', async () => {
    await expectOfEach(
      await hall(),
      `query ($they: Boolean!, $names: Boolean!) {
        first { guest { friends @include(if: $they) { name @include(if: $names) } } }
      }`,
      {
        ours: { data: { first: { guest: { friends: [null, [{}]] } } } },
        stock: { data: { first: { guest: { friends: null } } } },
      },
      { they: true, names: false },
    );
  });
});
