import { QueryPlanner } from '@apollo/query-planner';
import { TypeInfo } from 'graphql';
import { Parser } from 'graphql/language/parser.js';
import { afterEach, expect, test, vi } from 'vitest';
import { startEdge } from './support/edge.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const screen = `query ($first: Int!, $stock: Boolean!) {
  items(first: $first) { ...Named stock @include(if: $stock) } warehouses } fragment Named on Item { name }`;

test.each([
  ['a query', screen, { first: 2, stock: true }],
  ['a change', 'mutation ($id: ID!) { buy(itemId: $id) }', { id: 'itm_1' }],
])(
  '%s that came before is parsed, validated and planned by nobody, at the edge or in a subgraph',
  async (_what, query, variables) => {
    const edge = await startEdge({ CACHE: 'off' });
    const work = [
      vi.spyOn(Parser.prototype, 'parseDocument'),
      // Validation goes through a document with it.
      vi.spyOn(TypeInfo.prototype, 'enter'),
      vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan'),
    ];
    const calls = () => work.map(({ mock }) => mock.calls.length);
    const first = await edge.ask(query, { variables });
    expect(first.body.errors).toBeUndefined();
    expect(calls().every((count) => count > 0)).toBe(true);
    for (const each of work) each.mockClear();
    for (let time = 1; time <= 3; time += 1)
      expect((await edge.ask(query, { variables })).body).toEqual(first.body);
    expect(calls()).toEqual([0, 0, 0]);
  },
);
