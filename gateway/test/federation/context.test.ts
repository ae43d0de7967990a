import { expect, test } from 'vitest';
import { expectOfEach, Graph } from './graph.ts';

test('an argument comes from the object around, for each entity its own', async () => {
  const graph = await Graph.open({
    people: {
      sdl: `type Query { people: [Person!]! }
        type Person @key(fields: "id") @context(name: "person") { id: ID!  currency: String!  accounts: [[Account]] }
        type Account @key(fields: "id") { id: ID!
          balance(currency: String @fromContext(field: "$person { currency }")  signed: Boolean): String }`,
      resolvers: {
        Query: {
          people: () => [
            { id: '1', currency: 'CNY', accounts: [[{ id: 'a' }, null], null] },
            { id: '2', currency: '', accounts: [[{ id: 'a' }], [{ id: 'b' }]] },
            { id: '3', currency: 'EUR', accounts: null },
          ],
        },
        Account: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          balance: ({ id }: { id: string }, args: { currency: string | null; signed: boolean | null }) =>
            `${id} in ${args.currency}${args.signed === true ? ' signed' : ''}`,
        },
      },
    },
    names: {
      sdl: `type Person @key(fields: "id") { id: ID!  name: String }`,
      resolvers: { Person: {} },
    },
  });
  const query = 'query ($signed: Boolean) { people { accounts { sum: balance(signed: $signed) } } }';
  const { stock, asked } = await graph.ask(query, { signed: true });
  expect(stock).toHaveProperty('failed');
  await expectOfEach(
    graph,
    query,
    {
      ours: {
        data: {
          people: [
            { accounts: [[{ sum: 'a in CNY signed' }, null], null] },
            { accounts: [[{ sum: 'a in  signed' }], [{ sum: 'b in  signed' }]] },
            { accounts: null },
          ],
        },
      },
      stock,
    },
    { signed: true },
  );
  // One operation for each value, and none for whom there is nothing to ask.
  expect(asked.filter(({ representations }) => representations !== undefined)).toHaveLength(2);
});
