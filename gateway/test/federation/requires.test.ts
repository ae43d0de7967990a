import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

interface Parcel {
  id: string;
  weight: number | null;
  size: { width: number; height: number } | null;
  price: string;
  labels: ({ text: string } | null)[] | null;
}

const parcels: Record<string, Parcel> = {
  1: { id: '1', weight: 0, size: { width: 2, height: 3 }, price: '', labels: [{ text: 'a' }, null] },
  2: { id: '2', weight: null, size: null, price: 'two', labels: null },
};

/** What one subgraph knows of parcels, and what another works out of that. */
const open = () =>
  Graph.open({
    parcels: {
      sdl: `type Query { parcels: [Parcel] }
        type Parcel @key(fields: "id") { id: ID!  weight: Int  size: Size  price(currency: String!): String!  labels: [Label] }
        type Size { width: Int!  height: Int! }  type Label { text: String! }`,
      resolvers: {
        Query: { parcels: () => [parcels[1], null, parcels[2]] },
        Parcel: {
          __resolveReference: ({ id }: { id: string }) => parcels[id],
          price: ({ price }: Parcel, { currency }: { currency: string }) => `${price} ${currency}`,
        },
      },
    },
    delivery: {
      sdl: `type Parcel @key(fields: "id") { id: ID!  weight: Int @external  size: Size @external
          price(currency: String!): String! @external  labels: [Label] @external
          cost: String @requires(fields: "weight")  volume: Int @requires(fields: "size { width height }")
          duty: String @requires(fields: "price(currency: \\"EUR\\")")  told: String @requires(fields: "labels { text }") }
        type Size @external { width: Int!  height: Int! }  type Label @external { text: String! }`,
      resolvers: {
        Parcel: {
          cost: ({ weight }: Parcel) => `weighs ${weight}`,
          volume: ({ size }: Parcel) => size && size.width * size.height,
          duty: ({ price }: Parcel) => `duty on ${price}`,
          told: ({ labels }: Parcel) => JSON.stringify(labels),
        },
      },
    },
    claims: {
      sdl: `type Parcel @key(fields: "id") { id: ID!  cost: String @external  claim: String @requires(fields: "cost") }`,
      resolvers: { Parcel: { claim: ({ cost }: { cost: string }) => `claim of what ${cost}` } },
    },
  });

describe('a field gets what it requires of another subgraph', () => {
  test('also where that is 0 or null', async () => {
    await expectOfBoth(await open(), '{ parcels { cost } }', {
      data: { parcels: [{ cost: 'weighs 0' }, null, { cost: 'weighs null' }] },
    });
  });

  test('with what is nested, in objects and in lists with nulls', async () => {
    const asked = await expectOfBoth(await open(), '{ parcels { volume told } }', {
      data: {
        parcels: [{ volume: 6, told: '[{"text":"a"},null]' }, null, { volume: null, told: 'null' }],
      },
    });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['parcels', 'delivery']);
  });

  test('with arguments of its own, whatever the client asks the same field with', async () => {
    const answer = (currency: string) => ({
      data: {
        parcels: [
          { duty: 'duty on  EUR', price: ` ${currency}` },
          null,
          { duty: 'duty on two EUR', price: `two ${currency}` },
        ],
      },
    });
    await expectOfEach(
      await open(),
      'query ($currency: String!) { parcels { duty price(currency: $currency) } }',
      { ours: answer('CNY'), stock: answer('EUR') },
      { currency: 'CNY' },
    );
  });

  test('where that requires something itself', async () => {
    const asked = await expectOfBoth(await open(), '{ parcels { claim } }', {
      data: {
        parcels: [{ claim: 'claim of what weighs 0' }, null, { claim: 'claim of what weighs null' }],
      },
    });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['parcels', 'delivery', 'claims']);
  });

  test('and leaves what else is asked alone where a condition leaves it out', async () => {
    const query = 'query ($price: Boolean!) { parcels { told @include(if: $price) cost volume } }';
    const graph = await open();
    const rest = [{ cost: 'weighs 0', volume: 6 }, null, { cost: 'weighs null', volume: null }];
    const nothing = { cost: null, volume: null };
    await expectOfEach(
      graph,
      query,
      { ours: { data: { parcels: rest } }, stock: { data: { parcels: [nothing, null, nothing] } } },
      { price: false },
    );
  });

  test('and the client sees nothing of it', async () => {
    const { ours } = await (await open()).ask('{ parcels { claim } }', {});
    expect(JSON.stringify(ours)).not.toContain('"weight"');
  });
});

test('a field is not worked out without what it requires, where the other subgraph knows nothing of the entity', async () => {
  const graph = await Graph.open({
    catalogue: {
      sdl: `type Query { products: [Product]  other: String } type Product @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { products: () => [{ id: '1' }, { id: '2' }], other: () => 'there' } },
    },
    stock: {
      sdl: `type Product @key(fields: "id") { id: ID!  weight: Int! }`,
      resolvers: {
        Product: {
          __resolveReference: ({ id }: { id: string }) => (id === '1' ? { id, weight: 200 } : null),
        },
      },
    },
    shipping: {
      sdl: `type Product @key(fields: "id") { id: ID!  weight: Int! @external  sentAs: String @requires(fields: "weight") }`,
      resolvers: {
        Product: {
          __resolveReference: (reference: { id: string }) => reference,
          sentAs: ({ weight }: { weight: number }) => (weight > 100 ? 'PARCEL' : 'LETTER'),
        },
      },
    },
  });
  await expectOfBoth(graph, '{ products { id sentAs } other }', {
    data: {
      products: [
        { id: '1', sentAs: 'PARCEL' },
        { id: '2', sentAs: null },
      ],
      other: 'there',
    },
  });
});

describe('a field is not worked out with a part of what it requires', () => {
  const parcel = (id: string, size: object | null, thing: object | null) => ({ id, size, thing });
  /** Whose width one subgraph knows and whose height another one, which knows nothing of number 2. */
  const halves = () =>
    Graph.open({
      widths: {
        sdl: `type Query { parcels: [Parcel] } type Parcel @key(fields: "id") { id: ID!
            size: Size @shareable  thing: Thing @shareable }
          type Size { width: Int }  union Thing = Book  type Book @key(fields: "isbn") { isbn: ID! }`,
        resolvers: {
          Query: {
            parcels: () => [
              parcel('1', { width: 2 }, { __typename: 'Book', isbn: 'a' }),
              parcel('2', { width: 3 }, { __typename: 'Book', isbn: 'b' }),
              parcel('3', null, null),
            ],
          },
        },
      },
      heights: {
        sdl: `type Parcel @key(fields: "id") { id: ID!  size: Size @shareable } type Size { height: Int }
          type Book @key(fields: "isbn") { isbn: ID!  pages: Int }`,
        resolvers: {
          Parcel: {
            __resolveReference: ({ id }: { id: string }) =>
              id === '2' ? null : { id, size: id === '1' ? { height: 5 } : null },
          },
          Book: {
            __resolveReference: ({ isbn }: { isbn: string }) => (isbn === 'b' ? null : { isbn, pages: 0 }),
          },
        },
      },
      delivery: {
        sdl: `type Parcel @key(fields: "id") { id: ID!  size: Size @external  thing: Thing @external
            told: String @requires(fields: "size { width height }")
            read: String @requires(fields: "thing { ... on Book { pages } }") }
          type Size @external { width: Int  height: Int }
          union Thing = Book  type Book @key(fields: "isbn") { isbn: ID!  pages: Int @external }`,
        resolvers: {
          Parcel: {
            told: ({ size }: { size: { width: number; height: number } | null }) =>
              size === null ? 'has no size' : `${size.width} x ${size.height}`,
            read: ({ thing }: { thing: { pages?: number } | null }) => `reads ${thing?.pages}`,
          },
        },
      },
    });
  const answer = (name: string, ...values: (string | null)[]) => ({
    data: { parcels: values.map((value) => ({ [name]: value })) },
  });

  test('of an object', async () => {
    await expectOfEach(await halves(), '{ parcels { told } }', {
      ours: answer('told', '2 x 5', null, 'has no size'),
      stock: answer('told', '2 x 5', 'has no size', 'has no size'),
    });
  });

  test('of one of several types', async () => {
    await expectOfEach(await halves(), '{ parcels { read } }', {
      ours: answer('read', 'reads 0', null, 'reads undefined'),
      stock: answer('read', 'reads 0', 'reads undefined', 'reads undefined'),
    });
  });
});

test('what a path provides is not fetched again, and what it does not provide is', async () => {
  const graph = await Graph.open({
    reviews: {
      sdl: `type Query { review: Review  topReviews: [Review!]! }
        type Review { author: Person @provides(fields: "nick home { town }")  editor: Person }
        type Person @key(fields: "id") { id: ID!  nick: String @external  home: Place @external }
        type Place { town: String @external }`,
      resolvers: {
        Query: {
          review: () => ({
            author: { id: '1', nick: 'from reviews', home: { town: 'Jinan' } },
            editor: { id: '2' },
          }),
        },
      },
    },
    people: {
      sdl: `type Person @key(fields: "id") { id: ID!  nick: String @shareable  home: Place @shareable  age: Int }
        type Place @shareable { town: String }`,
      resolvers: {
        Person: {
          __resolveReference: ({ id }: { id: string }) => ({ id, nick: 'from people', home: null, age: 66 }),
        },
      },
    },
  });
  const [only, ...more] = await expectOfBoth(graph, '{ review { author { nick home { town } } } }', {
    data: { review: { author: { nick: 'from reviews', home: { town: 'Jinan' } } } },
  });
  expect([only?.subgraph, more]).toEqual(['reviews', []]);
  await expectOfBoth(graph, '{ review { author { nick age } editor { nick } } }', {
    data: { review: { author: { nick: 'from reviews', age: 66 }, editor: { nick: 'from people' } } },
  });
});
