import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type PlanNode, type SubscriptionNode } from '@apollo/query-planner';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

type Node = PlanNode | SubscriptionNode | undefined;

/** Fetches of a plan, each with the level on which it runs: how many fetches must be done before. */
function fetchesOf(node: Node, level = 1): { subgraph: string; level: number }[] {
  if (node === undefined) return [];
  switch (node.kind) {
    case 'Fetch':
      return [{ subgraph: node.serviceName, level }];
    case 'Parallel':
      return node.nodes.flatMap((each) => fetchesOf(each, level));
    case 'Sequence': {
      let next = level;
      return node.nodes.flatMap((each) => {
        const fetches = fetchesOf(each, next);
        next = 1 + Math.max(next - 1, ...fetches.map((fetch) => fetch.level));
        return fetches;
      });
    }
    case 'Flatten':
      return fetchesOf(node.node, level);
    case 'Condition':
      return [...fetchesOf(node.ifClause, level), ...fetchesOf(node.elseClause, level)];
    default:
      throw new Error(`The plan of the flagship has no ${node.kind}.`);
  }
}

test('the flagship screen is planned as ten fetches on four levels over five subgraphs', () => {
  const supergraph = Supergraph.build(read('supergraph.graphql'));
  const operation = operationFromDocument(
    supergraph.apiSchema(),
    parse(read('operations/campaign-screen.graphql')),
  );
  const fetches = fetchesOf(new QueryPlanner(supergraph).buildQueryPlan(operation).node);
  expect(new Set(fetches.map(({ subgraph }) => subgraph))).toEqual(
    new Set(['campaigns', 'circles', 'courses', 'insurance', 'users']),
  );
  expect({ fetches: fetches.length, levels: Math.max(...fetches.map(({ level }) => level)) }).toEqual({
    fetches: 10,
    levels: 4,
  });
});
