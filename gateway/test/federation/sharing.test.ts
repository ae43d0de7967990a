import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

describe('a field that several subgraphs share', () => {
  /** Both know where a person lives; the second only of those with an even number. */
  const open = () =>
    Graph.open({
      people: {
        sdl: `type Query { person: Person } type Person @key(fields: "id") { id: ID!  home: Place @shareable  name: String }
          type Place @shareable { town: String  country: String  tags: [String] }`,
        resolvers: {
          Query: {
            person: () => ({ id: '1', name: 'Li', home: { town: 'Jinan', country: 'CN', tags: ['a'] } }),
          },
        },
      },
      posts: {
        sdl: `type Person @key(fields: "id") { id: ID!  home: Place @shareable  late: Boolean }
          type Place @shareable { town: String  zone: Zone }  type Zone { code: Int }`,
        resolvers: {
          Person: { __resolveReference: ({ id }: { id: string }) => ({ id, late: false, home: null }) },
        },
      },
    });

  test('is taken where the rest is', async () => {
    const asked = await expectOfBoth(await open(), '{ person { home { town } name } }', {
      data: { person: { home: { town: 'Jinan' }, name: 'Li' } },
    });
    expect(asked).toHaveLength(1);
  });

  test('keeps its value when another subgraph has none', async () => {
    await expectOfEach(await open(), '{ person { late home { country tags zone { code } } } }', {
      ours: { data: { person: { late: false, home: { country: 'CN', tags: ['a'], zone: null } } } },
      // A later null erases what was there.
      stock: { data: { person: { late: false, home: null } } },
    });
  });
});

describe('objects in a list that several subgraphs share', () => {
  /** One knows the towns of a person's homes, the other their zones. */
  const open = (type: string, shape: (home: (index: number) => unknown) => unknown) =>
    Graph.open({
      people: {
        sdl: `type Query { person: Person } type Person @key(fields: "id") { id: ID!  homes: ${type} @shareable }
          type Place @shareable { town: String }`,
        resolvers: {
          Query: { person: () => ({ id: '1', homes: shape((index) => ({ town: `Town ${index}` })) }) },
        },
      },
      posts: {
        sdl: `type Person @key(fields: "id") { id: ID!  homes: ${type} @shareable } type Place { zone: Int }`,
        resolvers: {
          Person: {
            __resolveReference: ({ id }: { id: string }) => ({ id, homes: shape((zone) => ({ zone })) }),
          },
        },
      },
    });
  const query = '{ person { homes { town zone } } }';

  test('have what each of them knows', async () => {
    await expectOfBoth(await open('[Place]', (home) => [home(0), null, home(1)]), query, {
      data: { person: { homes: [{ town: 'Town 0', zone: 0 }, null, { town: 'Town 1', zone: 1 }] } },
    });
  });

  test('have that in lists of lists, too', async () => {
    const answer = (town: (index: number) => string | null) => ({
      data: {
        person: { homes: [[{ town: town(0), zone: 0 }, null], null, [{ town: town(1), zone: 1 }]] },
      },
    });
    await expectOfEach(await open('[[Place]]', (home) => [[home(0), null], null, [home(1)]]), query, {
      ours: answer((index) => `Town ${index}`),
      // What comes last is all that there is.
      stock: answer(() => null),
    });
  });
});

describe('a field that moved', () => {
  const moving = (label: string, random?: () => number) =>
    Graph.open(
      {
        old: {
          sdl: `type Query { bill: Bill } type Bill @key(fields: "id") { id: ID!  total: String  tax: String }`,
          resolvers: { Query: { bill: () => ({ id: '1', total: 'old', tax: 'old' }) } },
        },
        new: {
          sdl: `type Bill @key(fields: "id") { id: ID!  total: String @override(from: "old"${label}) }`,
          resolvers: { Bill: { __resolveReference: ({ id }: { id: string }) => ({ id, total: 'new' }) } },
        },
      },
      random,
    );

  test('is taken from the subgraph that overrides', async () => {
    await expectOfBoth(await moving(''), '{ bill { total tax } }', {
      data: { bill: { total: 'new', tax: 'old' } },
    });
  });

  test.each(['percent(0)', 'by-country'])('stays where it was under the label %s', async (label) => {
    await expectOfBoth(await moving(`, label: "${label}"`), '{ bill { total tax } }', {
      data: { bill: { total: 'old', tax: 'old' } },
    });
  });

  test.each([
    [0.249, 'new'],
    [0.25, 'old'],
  ])(
    'is taken from there by the share that its label says: a request at %d gets the %s',
    async (at, total) => {
      const answer = (from: string) => ({ data: { bill: { total: from, tax: 'old' } } });
      await expectOfEach(await moving(', label: "percent(25)"', () => at), '{ bill { total tax } }', {
        ours: answer(total),
        // No request moves.
        stock: answer('old'),
      });
    },
  );

  test('is planned for those who move and for those who do not, each by itself', async () => {
    let at = 0;
    const graph = await moving(', label: "percent(50)"', () => at);
    const totals = [];
    for (at of [0.1, 0.9, 0.2, 0.8]) {
      const { ours } = await graph.ask('{ bill { total } }', {});
      totals.push(ours.data);
    }
    expect(totals).toEqual(['new', 'old', 'new', 'old'].map((total) => ({ bill: { total } })));
  });
});
