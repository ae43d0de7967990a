import { describe, expect, test } from 'vitest';
import { expectOfBoth, Graph } from './graph.ts';

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
