import { QueryPlanner } from '@apollo/query-planner';
import { parse, type GraphQLSchema } from 'graphql';
import { afterEach, expect, test, vi } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import { compose } from './oracle/gateways.ts';
import { silent } from './support/subgraph.ts';

const head = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const requiring = head.replace('"@key"', '"@key", "@requires", "@external"');
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
  for (const letter of ['a', 'b', 'c']) await ask(`{ second } # ${letter.repeat(400_000)}`);
  planned.mockClear();
  await ask('{ first }');
  expect(planned).not.toHaveBeenCalled();
  await ask(`{ second } # ${'a'.repeat(400_000)}`);
  expect(planned).toHaveBeenCalledTimes(1);
});

test('the outcomes of conditions that strangers try are forgotten, its own are not', async () => {
  const conditions = Array.from({ length: 11 }, (_item, index) => `c${index}`);
  const fields = conditions.map((name) => `${name}: mark @include(if: $${name})`);
  const query = (name: string) =>
    `query ${name}(${conditions.map((each) => `$${each}: Boolean!`).join(' ')}) { note { id ${fields.join(' ')} } }`;
  const planned = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
  const engine = createEngine<null>({
    supergraphSdl: compose({
      name: 'marks',
      subgraphs: {
        notes: `${head} type Query { note: Note } type Note @key(fields: "id") { id: ID!  size: Int }`,
        marks: `${requiring} type Note @key(fields: "id") { id: ID!  size: Int @external  mark: Int @requires(fields: "size") }`,
      },
    }),
    call: () => Promise.resolve({ data: { note: null } }),
    known: [known(query('Known'))],
  });
  const { executor } = await engine.load({ apollo: {} });
  const { schema } = engine.supergraph;
  const ask = async (name: string, outcome: number) => {
    planned.mockClear();
    const variables = Object.fromEntries(conditions.map((each, bit) => [each, ((outcome >> bit) & 1) === 1]));
    const source = query(name);
    const request = { query: source, variables };
    const context = { request, document: parse(source), schema, source, queryHash: source, context: null };
    await executor?.({ ...context, operationName: null, metrics: {}, logger: silent } as never);
    return planned.mock.calls.length;
  };
  expect(await ask('Known', 3)).toBe(1);
  expect(await ask('Strange', 3)).toBe(1);
  expect(await ask('Strange', 3)).toBe(0);
  for (let outcome = 4; outcome < 2_000; outcome += 1) await ask('Strange', outcome);
  expect(await ask('Strange', 3)).toBe(1);
  expect(await ask('Known', 3)).toBe(0);
});

test('another version of the graph plans it anew, where it still fits, before requests come', async () => {
  const { engine, ask, planned } = await start(['{ first }', '{ second }']);
  planned.mockClear();
  await engine.swap(graphOf('first: Int  third: Int'));
  expect(planned).toHaveBeenCalledTimes(1);
  expect(await ask('{ first }')).toEqual({ data: { first: 1 } });
  expect(planned).toHaveBeenCalledTimes(1);
});

test('so it does with what clients ask for most, before requests come', async () => {
  const { engine, ask, planned } = await start([]);
  for (const query of ['{ first }', '{ second }', '{ first second }']) await ask(query);
  planned.mockClear();
  await engine.swap(graphOf('first: Int  third: Int'));
  expect(planned).toHaveBeenCalledTimes(1);
  expect(await ask('{ first }')).toEqual({ data: { first: 1 } });
  expect(planned).toHaveBeenCalledTimes(1);
});

test('of very many operations of strangers the least used are forgotten, however short they are', async () => {
  const { ask, planned } = await start([]);
  for (let number = 0; number <= 1_000; number += 1) await ask(`{ first } # ${number}`);
  planned.mockClear();
  await ask('{ first } # 1000');
  expect(planned).not.toHaveBeenCalled();
  await ask('{ first } # 0');
  expect(planned).toHaveBeenCalledTimes(1);
});
