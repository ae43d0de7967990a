import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';

/** Everything but the limit under test is out of the way. */
const wide = {
  MAX_BODY_BYTES: '10000000',
  MAX_TOKENS: '1000000',
  MAX_DEPTH: '1000000',
  MAX_FIELDS: '1000000',
  MAX_ALIASES: '1000000',
  MAX_ROOT_FIELDS: '1000000',
  MAX_DIRECTIVES: '1000000',
  MAX_FRAGMENTS: '1000000',
};

const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_item, index) => make(index)).join(' ');
/** Fragments of which each spreads the next twice: as many fields as the power of two. */
const bomb = (levels: number) =>
  `{ ...f0 } ${many(levels, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`)} fragment f${levels} on Query { hello }`;
const nested = (depth: number) =>
  `{ __schema { types ${'{ ofType '.repeat(depth)} { name } ${'}'.repeat(depth)} } }`;

describe('a request that asks for too much is refused before anything runs', () => {
  test.each([
    ['maxTokens', 2_000, `{ ${many(3_000, () => 'hello')} }`, {}],
    ['maxDepth', 15, nested(20), {}],
    [
      'maxDepth',
      15,
      `{ __schema { types { ...d0 } } } ${many(20, (index) => `fragment d${index} on __Type { ofType { ...d${index + 1} } }`)} fragment d20 on __Type { name }`,
      {},
    ],
    ['maxFields', 1_000, `{ ${many(1_500, () => 'hello')} }`, { ...wide, MAX_FIELDS: '1000' }],
    ['maxFields', 1_000, bomb(12), { ...wide, MAX_FIELDS: '1000' }],
    ['maxAliases', 30, `{ ${many(10_000, (index) => `a${index}: hello`)} }`, { ...wide, MAX_ALIASES: '30' }],
    ['maxRootFields', 20, `{ ${many(21, () => 'hello')} }`, {}],
    ['maxRootFields', 20, bomb(5), {}],
    ['maxFragments', 50, `{ ...f0 } ${many(51, (index) => `fragment f${index} on Query { hello }`)}`, {}],
    ['maxListItems', 200, `{ hello(name: [${many(201, () => '1')}]) }`, {}],
    ['maxListItems', 200, `{ hello(name: { a: [[${many(201, () => '1')}]] }) }`, {}],
    ['maxListItems', 200, `query ($names: [Int] = [${many(201, () => '1')}]) { hello(name: $names) }`, {}],
    [
      'maxListItems',
      200,
      `query ($by: ItemFilter = { name: { a: [[${many(201, () => '1')}]] } }) { find(by: $by) { id } }`,
      {},
    ],
    ['maxDirectives', 50, `{ hello ${many(60, () => '@include(if: true)')} }`, {}],
    ['maxPageSize', 100, '{ items(first: 101) { id } }', {}],
    ['maxPageSize', 100, '{ items(last: 99999999999999999999) { id } }', {}],
    ['maxPageSize', 100, 'query ($n: Int = 5000) { items(first: $n) { id } }', {}],
  ])('%s (%i): case %#', async (limit, max, query, env) => {
    const edge = await startEdge(env);
    const { status, body } = await edge.ask(query);
    expect(status).toBe(400);
    expect(body).toEqual({
      errors: [
        {
          message: expect.stringContaining(`(${limit}) is ${max}`) as unknown,
          extensions: { code: 'LIMIT_EXCEEDED', limit, max },
        },
      ],
    });
    expect(edge.shop.operations).toEqual([]);
  });

  test('also where the size of a page comes from a variable', async () => {
    const edge = await startEdge();
    const query = 'query ($n: Int) { items(first: $n) { id } }';
    expect((await edge.ask(query, { variables: { n: 2 } })).body.data).toEqual({
      items: [{ id: 'itm_1' }, { id: 'itm_2' }],
    });
    const { status, body } = await edge.ask(query, { variables: { n: 101 } });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      {
        message: '"first" of "items" asks for 101; the limit (maxPageSize) is 100.',
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxPageSize', max: 100 },
      },
    ]);
  });

  test('10,000 aliases meet the limits as they come', async () => {
    const edge = await startEdge();
    const { status, body } = await edge.ask(`{ ${many(10_000, (index) => `a${index}: hello`)} }`);
    expect(status).toBe(413);
    expect(body.errors?.[0]?.extensions['limit']).toBe('maxBodyBytes');
  });

  test.each([
    ['at the top', (list: unknown[]) => list],
    ['deep in it', (list: unknown[]) => ({ a: [{ b: { c: list } }] })],
  ])('also where a variable holds a long list, %s', async (_case, put) => {
    const edge = await startEdge();
    const query = 'query ($name: String) { hello(name: $name) }';
    const long = { name: put(Array.from({ length: 201 }, () => 1)) };
    const { status, body } = await edge.ask(query, { variables: long });
    expect(status).toBe(400);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'maxListItems', max: 200 });
  });

  test('a bomb of 2^200 fields costs no more than its text', async () => {
    for (const maxFragments of ['50', '1000']) {
      const edge = await startEdge({ MAX_FRAGMENTS: maxFragments });
      const { status, body } = await edge.ask(bomb(200));
      expect(status).toBe(400);
      expect(body.errors?.[0]?.extensions['code']).toBe('LIMIT_EXCEEDED');
      expect(edge.shop.operations).toEqual([]);
    }
  });

  test.each([
    ['itself', '{ ...a } fragment a on Query { hello ...a }'],
    ['each other', '{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a ...a hello }'],
    ['nothing', '{ ...a ...a ...a }'],
  ])('fragments that spread %s are refused', async (_case, query) => {
    const edge = await startEdge();
    const { body } = await edge.ask(query);
    expect(body.errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(edge.shop.operations).toEqual([]);
  });
});

test('the introspection query of explorers is within the limits', async () => {
  const edge = await startEdge();
  const query = getIntrospectionQuery({
    descriptions: true,
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
  });
  const { status, body } = await edge.ask(query);
  expect(body.errors).toBeUndefined();
  expect(status).toBe(200);
});

test('what was refused once is refused again, and what was allowed stays so', async () => {
  const edge = await startEdge();
  for (const _round of [1, 2]) {
    expect((await edge.ask('{ items(first: 101) { id } }')).status).toBe(400);
    expect((await edge.ask('{ items(first: 1) { id } }')).status).toBe(200);
  }
});
