import { describe, expect, test } from 'vitest';
import { expectOfBoth, expectOfEach, Graph } from './graph.ts';

/** Fields, values and types that the subgraphs use between them, and clients never see. */
const shop = () =>
  Graph.open({
    shop: {
      sdl: `type Query { products: [Product!]!  things: [Thing]  sizes: [Size] }
        type Product @key(fields: "code") { code: ID! @inaccessible  name: String  margin: Int @inaccessible }
        union Thing = Product | Draft
        type Draft @inaccessible { text: String }
        enum Size { SMALL HIDDEN @inaccessible }`,
      resolvers: {
        Query: {
          products: () => [{ code: 'x', name: 'Tea', margin: 40 }],
          things: () => [
            { __typename: 'Product', code: 'x', name: 'Tea', margin: 40 },
            { __typename: 'Draft', text: 'secret' },
          ],
          sizes: () => ['SMALL', 'HIDDEN'],
        },
      },
    },
    offers: {
      sdl: `type Product @key(fields: "code") { code: ID! @inaccessible  margin: Int @external
          offer: String @requires(fields: "margin")  broken: String @requires(fields: "margin") }`,
      resolvers: {
        Product: {
          offer: ({ margin }: { margin: number }) => (margin > 30 ? 'cheaper' : null),
          broken: () => Promise.reject(new Error('No.')),
        },
      },
    },
  });

describe('what is inaccessible', () => {
  test('is used between subgraphs and shown to nobody', async () => {
    const graph = await shop();
    const asked = await expectOfBoth(graph, '{ products { name offer } }', {
      data: { products: [{ name: 'Tea', offer: 'cheaper' }] },
    });
    expect(asked[1]?.representations).toEqual([{ __typename: 'Product', code: 'x', margin: 40 }]);
  });

  test.each(['{ products { code } }', '{ products { margin } }', '{ things { ... on Draft { text } } }'])(
    'cannot be asked for: %s',
    async (query) => {
      await expect((await shop()).ask(query, {})).rejects.toThrow(/Cannot query field|Unknown type/);
    },
  );

  test('is null with an error where it turns up as a type or as a value', async () => {
    const data = { things: [{ __typename: 'Product' }, null], sizes: ['SMALL', null] };
    await expectOfEach(await shop(), '{ things { __typename } sizes }', {
      ours: {
        data,
        errors: [
          {
            message: 'A subgraph brought an object of a type that clients do not know.',
            path: ['things', 1],
          },
          { message: 'A subgraph brought a value of another type.', path: ['sizes', 1] },
        ],
      },
      // Tells of it in `extensions.valueCompletion`.
      stock: { data },
    });
  });

  test('is in no path of an error', async () => {
    await expectOfBoth(await shop(), '{ mine: products { sad: broken } }', {
      data: { mine: [{ sad: null }] },
      errors: [{ message: 'No.', path: ['mine', 0, 'sad'] }],
    });
  });
});
