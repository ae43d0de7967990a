import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

/** Two subgraphs that know the same people by id; the second knows nobody with id 2, and stumbles over id 3. */
const people = () =>
  Graph.open({
    people: {
      sdl: `type Query { people: [Person!]!  sure: [Sure] }
        type Person @key(fields: "id") { id: ID!  name: String! }
        type Sure @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          people: () => ['1', '2', '3', '1'].map((id) => ({ id, name: `P${id}` })),
          sure: () => [{ id: '1' }, { id: '2' }],
        },
      },
    },
    ages: {
      sdl: `type Person @key(fields: "id") { id: ID!  age: Int } type Sure @key(fields: "id") { id: ID!  age: Int! }`,
      resolvers: {
        Person: {
          __resolveReference: ({ id }: { id: string }) => {
            if (id === '3') return Promise.reject(new Error('Stumbled.'));
            return id === '2' ? null : { id, age: 70 };
          },
        },
        Sure: { __resolveReference: ({ id }: { id: string }) => (id === '2' ? null : { id, age: 70 }) },
      },
    },
  });

describe('an entity', () => {
  test('that stands twice is asked for once', async () => {
    const graph = await people();
    const answer = {
      data: {
        people: [
          { id: '1', age: 70 },
          { id: '2', age: null },
          { id: '3', age: null },
          { id: '1', age: 70 },
        ],
      },
      errors: [{ message: 'Stumbled.', path: ['people', 2] }],
    };
    const [, ages] = await expectOfBoth(graph, '{ people { id age } }', answer);
    expect(ages?.representations).toHaveLength(3);
  });

  test('that is unknown where a field must be is null with all that depends on it', async () => {
    const graph = await people();
    const nulls = { sure: [{ age: 70 }, null] };
    await expectOfEach(graph, '{ sure { age } }', {
      ours: {
        data: nulls,
        errors: [
          { message: 'A subgraph brought null where there must be a value.', path: ['sure', 1, 'age'] },
        ],
      },
      // Tells of it in `extensions.valueCompletion`.
      stock: { data: nulls },
    });
  });

  test('keeps its key and its type where the client gives those names to something else', async () => {
    const graph = await people();
    const ages = [70, null, null, 70];
    const answer = (ids: string[], sure: unknown[]) => ({
      data: { people: ages.map((age, index) => ({ id: ids[index], age })), sure },
      errors: [{ message: 'Stumbled.', path: ['people', 2] }],
    });
    await expectOfEach(graph, '{ people { id: name age } sure { __typename: id } }', {
      ours: answer(['P1', 'P2', 'P3', 'P1'], [{ __typename: '1' }, { __typename: '2' }]),
      stock: answer(['1', '2', '3', '1'], [null, null]),
    });
  });

  test('that a subgraph only refers to is not asked of it', async () => {
    const graph = await Graph.open({
      gifts: {
        sdl: `type Query { gift: Gift } type Gift { id: ID!  donor: Person }
          type Person @key(fields: "id", resolvable: false) { id: ID! }`,
        resolvers: { Query: { gift: () => ({ id: 'g', donor: { id: '1' } }) } },
      },
      people: {
        sdl: `type Query { person: Person } type Person @key(fields: "id") { id: ID!  name: String }`,
        resolvers: {
          Query: { person: () => ({ id: '2', name: 'Li' }) },
          Person: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `P${id}` }) },
        },
      },
    });
    const asked = await expectOfBoth(graph, '{ gift { donor { id name } } person { id } }', {
      data: { gift: { donor: { id: '1', name: 'P1' } }, person: { id: '2' } },
    });
    expect(asked.filter(({ representations }) => representations !== undefined)).toHaveLength(1);
  });
});

describe('an entity that stands at two places', () => {
  /** Who wrote a letter and who is meant live at the same home, of which another subgraph knows the weather. */
  const letters = () =>
    Graph.open({
      letters: {
        sdl: `type Query { letter: Letter } type Letter { from: Person  to: Person }
          type Person @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { letter: () => ({ from: { id: '1' }, to: { id: '1' } }) } },
      },
      people: {
        sdl: `type Person @key(fields: "id") { id: ID!  homes: [Home] } type Home @key(fields: "id") { id: ID! }`,
        resolvers: {
          Person: { __resolveReference: ({ id }: { id: string }) => ({ id, homes: [null, { id: 'h' }] }) },
        },
      },
      weather: {
        sdl: `type Home @key(fields: "id") { id: ID!  sky(on: String!): String }`,
        resolvers: {
          Home: {
            __resolveReference: ({ id }: { id: string }) => ({ id }),
            sky: ({ id }: { id: string }, { on }: { on: string }) => {
              if (on === 'SUN') throw new Error('Nobody looked.');
              return `${id} on ${on}`;
            },
          },
        },
      },
    });

  test('has below each what was asked for there', async () => {
    const asked = await expectOfBoth(
      await letters(),
      '{ letter { from { homes { sky(on: "MON") } } to { homes { sky(on: "TUE") } } } }',
      {
        data: {
          letter: {
            from: { homes: [null, { sky: 'h on MON' }] },
            to: { homes: [null, { sky: 'h on TUE' }] },
          },
        },
      },
    );
    expect(asked.filter(({ subgraph }) => subgraph === 'people')).toHaveLength(1);
  });

  test('has an error below it told at each', async () => {
    const query = '{ letter { from { homes { sky(on: "SUN") } } to { homes { sky(on: "SUN") } } } }';
    const nothing = { homes: [null, { sky: null }] };
    const { stock } = await (await letters()).ask(query, {});
    await expectOfEach(await letters(), query, {
      ours: {
        data: { letter: { from: nothing, to: nothing } },
        errors: ['from', 'to'].map((who) => ({
          message: 'Nobody looked.',
          path: ['letter', who, 'homes', 1, 'sky'],
        })),
      },
      stock,
    });
  });
});
