import { expect, test } from 'vitest';
import { startEdge, type Answer } from './support/edge.ts';

/**
 * Of everything that an answer may hold: lists, entities of two subgraphs, errors of fields and of whole parts, nulls, aliases.
 * Two of a pair begin with the same fetch.
 */
const pairs = [
  ['{ items { id name stock } }', '{ items { id name price { minor currency } } }'],
  ['{ items(first: 1) { id own: stock } }', '{ items(first: 1) { id own: price { minor } } }'],
  ['{ find(by: { name: "itm_2" }) { id stock } }', '{ find(by: { name: "itm_2" }) { id price { minor } } }'],
  ['{ find(by: { name: "nobody" }) { id stock } }', '{ find(by: { name: "nobody" }) { id } }'],
  ['{ one: hello(name: "one") two: hello(name: "two") }', '{ one: hello(name: "two") two: hello }'],
  ['{ broken hello }', '{ forbidden items(first: 1) { id stock } }'],
  ['{ caller callerRoles }', '{ caller }'],
  ['{ warehouses items(first: 1) { stock } }', '{ warehouses }'],
] as const;
const askers = ['usr_1', 'usr_2', null] as const;
const eachAsks = 6;

test('a crowd that asks at once is told what each would be told alone', async () => {
  // While the one connection is taken, reads gather.
  const edge = await startEdge({ CACHE: 'off', CONTRACTS: 'off', QUOTAS: 'off', MAX_HOP_CONNECTIONS: '1' });
  const headersOf = async (sub: string | null): Promise<Record<string, string>> =>
    sub === null ? {} : { authorization: `Bearer ${await edge.token({ sub })}` };
  const headers = await Promise.all(askers.map(headersOf));
  const ask = async (query: string, own: Record<string, string>): Promise<Answer['body']> =>
    (await edge.ask(query, { headers: own })).body;
  const operations = () => edge.shop.operations.length + edge.stock.operations.length;

  const alone: Answer['body'][] = [];
  const together: (() => Promise<Answer['body']>)[] = [];
  for (const [one, other] of pairs)
    for (const own of headers) {
      const answers = [await ask(one, own), await ask(other, own)];
      for (let time = 0; time < eachAsks; time += 1) {
        alone.push(...answers);
        together.push(
          () => ask(one, own),
          () => ask(other, own),
        );
      }
    }
  const asked = operations();
  expect(await Promise.all(together.map((start) => start()))).toEqual(alone);
  expect(operations() - asked).toBeLessThan(eachAsks * asked);
});
