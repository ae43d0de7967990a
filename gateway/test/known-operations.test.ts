import { QueryPlanner } from '@apollo/query-planner';
import { parse, type GraphQLSchema } from 'graphql';
import { afterEach, expect, test, vi } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import { compose } from './oracle/gateways.ts';
import { silent } from './support/subgraph.ts';

const head = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const graphOf = (fields: string) =>
  compose({ name: 'notes', subgraphs: { notes: `${head} type Query { ${fields} }` } });
const known = (query: string) => ({
  documentKey: query,
  document: parse(query),
  characters: query.length,
  operationName: null,
});

/** An engine that has loaded, and how often it has planned. */
async function start(queries: readonly string[]) {
  const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
  const engine = createEngine<null>({
    supergraphSdl: graphOf('first: Int  second: Int'),
    call: () => Promise.resolve({ data: { first: 1, second: 2 } }),
    known: queries.map(known),
  });
  let schema: GraphQLSchema | undefined;
  engine.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  const { executor } = await engine.load({ apollo: {} });
  const ask = (query: string) =>
    executor?.({
      request: { query },
      document: parse(query),
      schema,
      source: query,
      queryHash: query,
      context: null,
      operationName: null,
      metrics: {},
      logger: silent,
    } as never);
  return { engine, ask, planned };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('an operation known in advance is planned before the first client asks for it', async () => {
  const { ask, planned } = await start(['{ first }']);
  expect(planned).toHaveBeenCalledTimes(1);
  expect(await ask('{ first }')).toEqual({ data: { first: 1 } });
  expect(planned).toHaveBeenCalledTimes(1);
  await ask('{ second }');
  expect(planned).toHaveBeenCalledTimes(2);
});

test('operations of strangers do not crowd it out', async () => {
  const { ask, planned } = await start(['{ first }']);
  for (const letter of ['a', 'b', 'c']) await ask(`{ second } # ${letter.repeat(2_000_000)}`);
  planned.mockClear();
  await ask('{ first }');
  expect(planned).not.toHaveBeenCalled();
  await ask(`{ second } # ${'a'.repeat(2_000_000)}`);
  expect(planned).toHaveBeenCalledTimes(1);
});

test('another version of the graph plans it anew, where it still fits, before requests come', async () => {
  const { engine, ask, planned } = await start(['{ first }', '{ second }']);
  planned.mockClear();
  await engine.swap(graphOf('first: Int  third: Int'));
  expect(planned).toHaveBeenCalledTimes(1);
  expect(await ask('{ first }')).toEqual({ data: { first: 1 } });
  expect(planned).toHaveBeenCalledTimes(1);
});
