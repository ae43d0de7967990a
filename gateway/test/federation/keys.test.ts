import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

describe('an entity is found by', () => {
  test('a key of several fields, one of them nested', async () => {
    const graph = await Graph.open({
      catalogue: {
        sdl: `type Query { products: [Product!]! }
          type Product @key(fields: "sku seller { id region { code } }") { sku: String!  seller: Seller! }
          type Seller @shareable { id: ID!  region: Region! }
          type Region @shareable { code: String! }`,
        resolvers: {
          Query: {
            products: () => [
              { sku: 'a', seller: { id: '1', region: { code: 'SD' } } },
              { sku: 'a', seller: { id: '1', region: { code: 'GX' } } },
            ],
          },
        },
      },
      prices: {
        sdl: `type Product @key(fields: "sku seller { id region { code } }") { sku: String!  seller: Seller!  price: String }
          type Seller @shareable { id: ID!  region: Region! }
          type Region @shareable { code: String! }`,
        resolvers: {
          Product: {
            __resolveReference: (key: { sku: string; seller: { id: string; region: { code: string } } }) => ({
              ...key,
              price: `${key.sku} of ${key.seller.id} in ${key.seller.region.code}`,
            }),
          },
        },
      },
    });
    await expectOfBoth(graph, '{ products { price } }', {
      data: { products: [{ price: 'a of 1 in SD' }, { price: 'a of 1 in GX' }] },
    });
  });

  test('another of its keys, by way of a subgraph that knows both', async () => {
    const graph = await Graph.open({
      shop: {
        sdl: `type Query { product: Product } type Product @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { product: () => ({ id: '7' }) } },
      },
      register: {
        sdl: `type Product @key(fields: "id") @key(fields: "sku") { id: ID!  sku: String! }`,
        resolvers: {
          Product: { __resolveReference: ({ id }: { id: string }) => ({ id, sku: `sku-${id}` }) },
        },
      },
      stock: {
        sdl: `type Product @key(fields: "sku") { sku: String!  amount: Int }`,
        resolvers: {
          Product: { __resolveReference: ({ sku }: { sku: string }) => ({ sku, amount: sku.length }) },
        },
      },
    });
    const asked = await expectOfBoth(graph, '{ product { amount } }', { data: { product: { amount: 5 } } });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['shop', 'register', 'stock']);
    expect(asked[2]?.representations).toEqual([{ __typename: 'Product', sku: 'sku-7' }]);
  });

  test('a key that lies in another object', async () => {
    const graph = await Graph.open({
      people: {
        sdl: `type Query { people: [Person] } type Person @key(fields: "badge { number }") { badge: Badge! }
          type Badge @shareable { number: Int! }`,
        resolvers: { Query: { people: () => [{ badge: { number: 1 } }, null, { badge: { number: 2 } }] } },
      },
      doors: {
        sdl: `type Person @key(fields: "badge { number }") { badge: Badge!  doors: [String!]! }
          type Badge @shareable { number: Int! }`,
        resolvers: {
          Person: {
            __resolveReference: (key: { badge: { number: number } }) => ({
              ...key,
              doors: [`door ${key.badge.number}`],
            }),
          },
        },
      },
    });
    const asked = await expectOfBoth(graph, '{ people { doors } }', {
      data: { people: [{ doors: ['door 1'] }, null, { doors: ['door 2'] }] },
    });
    expect(asked[1]?.representations).toHaveLength(2);
  });

  test('a key that is an object of a scalar, also where a condition makes the plan take it twice', async () => {
    const place = { region: { code: 'SD' }, rows: [1, 2] };
    const graph = await Graph.open({
      halls: {
        sdl: `scalar Place  type Query { seat: Seat }  type Seat @key(fields: "place") { place: Place! }`,
        resolvers: { Query: { seat: () => ({ place }) } },
      },
      tickets: {
        sdl: `scalar Place  type Seat @key(fields: "place") { place: Place!  price: Int  isTaken: Boolean }`,
        resolvers: {
          Seat: { __resolveReference: (seat: object) => ({ ...seat, price: 5, isTaken: true }) },
        },
      },
    });
    const asked = await expectOfBoth(
      graph,
      'query ($price: Boolean!) { seat { ... @include(if: $price) { price } isTaken } }',
      { data: { seat: { price: 5, isTaken: true } } },
      { price: true },
    );
    expect(asked[1]?.representations).toEqual([{ __typename: 'Seat', place }]);
  });

  test.each([
    ['Int', 0],
    ['Boolean', false],
    ['String', ''],
  ])('a key of type %s that is %j', async (type, value) => {
    const graph = await Graph.open({
      a: {
        sdl: `type Query { thing: Thing } type Thing @key(fields: "key") { key: ${type}! }`,
        resolvers: { Query: { thing: () => ({ key: value }) } },
      },
      b: {
        sdl: `type Thing @key(fields: "key") { key: ${type}!  told: String }`,
        resolvers: {
          Thing: { __resolveReference: ({ key }: { key: unknown }) => ({ key, told: JSON.stringify(key) }) },
        },
      },
    });
    await expectOfBoth(graph, '{ thing { told } }', { data: { thing: { told: JSON.stringify(value) } } });
  });
});

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
    const [, ages] = await expectOfEach(graph, '{ people { id age } }', {
      ours: {
        data: {
          people: [
            { id: '1', age: 70 },
            { id: '2', age: null },
            { id: '3', age: null },
            { id: '1', age: 70 },
          ],
        },
        errors: [{ message: 'Stumbled.', path: ['people', 2] }],
      },
      stock: {
        data: {
          people: [
            { id: '1', age: 70 },
            { id: '2', age: null },
            { id: '3', age: null },
            { id: '1', age: 70 },
          ],
        },
        errors: [{ message: 'Stumbled.', path: ['people', 2] }],
      },
    });
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
