import { readdirSync, readFileSync } from 'node:fs';
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  type GraphQLObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { createRequestCheck } from '../src/limits/check-request.ts';
import { CostModel } from '../src/limits/cost/model.ts';
import { defaultLimits } from '../src/limits/limits.ts';
import { startEdge } from './support/edge.ts';
import { startLiveEdge } from './support/live-edge.ts';

const schemaFolder = new URL('../../schema/', import.meta.url);
const items = 'query ($n: Int) { items(first: $n) { id name } }';

describe('what an operation costs', () => {
  test('is told to those who ask', async () => {
    const edge = await startEdge();
    const { body } = await edge.ask(items, { variables: { n: 50 }, headers: { 'banyan-cost': '1' } });
    // There are five.
    expect(body.extensions).toEqual({ cost: { requested: 50, actual: 5 } });
  });

  test.each(['n', 'constructor', 'toString', '__proto__'])(
    'goes by the default of a variable that is not given, whatever its name: $%s',
    async (name) => {
      const edge = await startEdge();
      const headers = { 'banyan-cost': '1' };
      const list = await edge.ask(`query ($${name}: Int = 50) { items(first: $${name}) { id name } }`, {
        headers,
      });
      expect(list.body.extensions).toEqual({ cost: { requested: 50, actual: 5 } });
      const conditional = `query ($${name}: Boolean = true) { hello items(first: 50) @include(if: $${name}) { id name } }`;
      const { body } = await edge.ask(conditional, { headers });
      expect(body.extensions).toEqual({ cost: { requested: 50, actual: 5 } });
      expect(Object.keys(body.data ?? {})).toEqual(['hello', 'items']);
    },
  );

  test.each<Record<string, string>>([{}, { 'banyan-cost': '0' }])(
    'is told to nobody else: %o',
    async (headers) => {
      const edge = await startEdge();
      expect((await edge.ask(items, { variables: { n: 50 }, headers })).body.extensions).toBeUndefined();
    },
  );

  test('is all that it might have been where a part of the answer is missing', async () => {
    const edge = await startEdge();
    const query = '{ items(first: 50) { id price { minor } } forbidden }';
    const { body } = await edge.ask(query, { headers: { 'banyan-cost': '1' } });
    expect(body.errors).toHaveLength(2);
    expect(body.extensions).toEqual({ cost: { requested: 50, actual: 50 } });
  });

  test('refuses it with both figures before any subgraph is asked', async () => {
    const edge = await startEdge({ MAX_COST: '60' });
    const { status, body } = await edge.ask(items, { variables: { n: 61 } });
    expect(status).toBe(400);
    expect(body).toEqual({
      errors: [
        {
          message: 'The operation may cost 61 points; the limit (maxCost) is 60.',
          extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxCost', max: 60, requested: 61 },
        },
      ],
    });
    expect(edge.shop.operations).toEqual([]);
    expect((await edge.ask(items, { variables: { n: 60 } })).status).toBe(200);
  });

  test('changes with the graph that is served; one whose costs cannot be reckoned is not served', async () => {
    const edge = await startLiveEdge();
    const ask = async () => {
      const response = await fetch(`${edge.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'banyan-cost': '1' },
        body: JSON.stringify({ query: '{ board(id: "a") { id } }' }),
      });
      return ((await response.json()) as { extensions?: { cost: object } }).extensions?.cost;
    };
    const weighed = (weight: number) =>
      edge.supergraphSdl.replace(/( board\(id: ID!\): Board!?)/, `$1 @cost(weight: ${weight})`);
    const unreckoned = weighed(9).replace(/(input MoneyInput[^]*?minor: BigInt!)/, '$1 @cost(weight: 1)');
    expect(await ask()).toMatchObject({ requested: 1 });
    await edge.app.swapSupergraph(weighed(7));
    expect(await ask()).toMatchObject({ requested: 8 });
    await expect(edge.app.swapSupergraph(unreckoned)).rejects.toThrow('MoneyInput.minor');
    expect(await ask()).toMatchObject({ requested: 8 });
  });

  test('is reckoned anew with another graph', () => {
    const graph = (weight: number) =>
      new CostModel(`
        directive @cost(weight: Int!) on FIELD_DEFINITION
        type Query { hello: String @cost(weight: ${weight}) }
      `);
    let model = graph(1);
    const check = createRequestCheck(defaultLimits, () => model);
    const request = { query: '{ hello }', variables: {}, operationName: null };
    expect(check(request)?.requestedCost).toBe(1);
    model = graph(7);
    expect(check(request)?.requestedCost).toBe(7);
  });
});

describe('in Banyan’s graph', () => {
  const model = new CostModel(readFileSync(new URL('supergraph.graphql', schemaFolder), 'utf8'));
  const isClients = ({ name }: GraphQLObjectType) => !/^(__|join__|link__)/.test(name);

  test('every list of objects says how long it may be', () => {
    const silent = Object.values(model.schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter((type) => isClients(type) && !/(Connection|Payload)$/.test(type.name))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(
        ({ field }) => isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type)),
      )
      .filter(({ type, field }) => model.fieldOf(type.name, field.name)?.listSize === null)
      .map(({ type, field }) => `${type.name}.${field.name}`);
    expect(silent).toEqual([]);
  });

  test('every field that takes "first" is measured by it', () => {
    const unmeasured = Object.values(model.schema.getTypeMap())
      .filter((type) => isObjectType(type))
      .filter(isClients)
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => field.args.some(({ name }) => name === 'first'))
      .filter(
        ({ type, field }) => model.fieldOf(type.name, field.name)?.listSize?.slicing[0]?.name !== 'first',
      )
      .map(({ type, field }) => `${type.name}.${field.name}`);
    expect(unmeasured).toEqual([]);
  });

  test('every screen costs a fraction of the limit', () => {
    const check = createRequestCheck(defaultLimits, () => model);
    const folder = new URL('operations/', schemaFolder);
    const costs = readdirSync(folder)
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => {
        const query = readFileSync(new URL(file, folder), 'utf8');
        return check({ query, variables: {}, operationName: null })?.requestedCost ?? 0;
      });
    expect(costs.length).toBeGreaterThan(5);
    expect(Math.max(...costs)).toBeLessThan(defaultLimits.maxCost / 4);
    expect(Math.max(...costs)).toBeGreaterThan(100);
  });

  test('pages in pages are refused', () => {
    const check = createRequestCheck(defaultLimits, () => model);
    const query = '{ campaigns(first: 100) { nodes { donations(first: 100) { nodes { message } } } } }';
    expect(() => check({ query, variables: {}, operationName: null })).toThrow(
      'The operation may cost 10201 points; the limit (maxCost) is 2000.',
    );
  });
});
