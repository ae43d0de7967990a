import { parse, type GraphQLSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import type { FetchAnswer } from '../src/engine/subgraph-call.ts';
import { compose, Rivals, type Outcome } from './oracle/gateways.ts';
import { entitiesOf, fixtures, withContext, type Fixture } from './oracle/fixtures.ts';
import { askTruth, createFakeSubgraph, World } from './oracle/world.ts';
import { silent } from './support/subgraph.ts';

const calm = { nulls: 0, errors: 0 };
const head =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** A graph of two subgraphs whose answers a test writes itself. */
const people: Fixture = {
  name: 'people',
  maxDepth: 3,
  share: 0,
  subgraphs: {
    posts: `${head} type Query { posts: [Post!]  other: [Post]  must: Post! }
      type Post @key(fields: "id") { id: ID!  author: Person  editor: Person }
      type Person @key(fields: "id") { id: ID! }`,
    persons: `${head} type Person @key(fields: "id") { id: ID!  name: String!  nick: String }`,
  },
};

interface Asked {
  subgraph: string;
  query: string;
  variables: { representations?: unknown[] } & Record<string, unknown>;
}

/** Our engine before subgraphs that answer as `answer` says. */
function start(fixture: Fixture, answer: (asked: Asked) => FetchAnswer | Promise<FetchAnswer>) {
  const asked: Asked[] = [];
  const engine = createEngine<null>({
    supergraphSdl: compose(fixture),
    call: async ({ subgraph, head: text, variables = '{}' }) => {
      const { query } = JSON.parse(`${text}}`) as { query: string };
      const one = { subgraph, query, variables: JSON.parse(variables) as Asked['variables'] };
      asked.push(one);
      return answer(one);
    },
  });
  const { executor, ...opened } = engine.open();
  let { schema } = opened;
  engine.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  /** @param on the schema for which it was found valid; the newest where it is left out. */
  const ask = async (query: string, variables: Record<string, unknown> = {}, on: GraphQLSchema = schema) => {
    const request = { query, variables };
    const context = {
      request,
      document: parse(query),
      schema: on,
      source: query,
      queryHash: query,
      context: null,
    };
    const outcome = await executor({ ...context, operationName: null, metrics: {}, logger: silent } as never);
    return JSON.parse(JSON.stringify(outcome)) as Outcome;
  };
  return { engine, asked, ask };
}

const posts = {
  posts: [
    { author: { __typename: 'Person', id: '1' }, editor: { __typename: 'Person', id: '2' } },
    { author: { __typename: 'Person', id: '1' }, editor: null },
  ],
};

describe('entities', () => {
  test('go once each, and equal fetches of one level go as one operation', async () => {
    const { ask, asked } = start(people, ({ subgraph, variables }) =>
      subgraph === 'posts'
        ? { data: structuredClone(posts) }
        : { data: { _entities: variables.representations?.map((each) => ({ name: JSON.stringify(each) })) } },
    );
    const { data } = await ask('query Screen { posts { author { name } editor { name } } }');
    const [one, two] = ['1', '2'].map((id) => ({ name: `{"__typename":"Person","id":"${id}"}` }));
    expect(data).toEqual({
      posts: [
        { author: one, editor: two },
        { author: one, editor: null },
      ],
    });
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(['posts', 'persons']);
    expect(asked[1]?.variables.representations).toHaveLength(2);
  });

  test('that fail are told of at every place where they stand', async () => {
    const { ask } = start(people, ({ subgraph }) =>
      subgraph === 'posts'
        ? { data: structuredClone(posts) }
        : {
            data: { _entities: [null, { name: 'Li' }] },
            errors: [{ message: 'No.', path: ['_entities', 0, 'name'], extensions: { code: 'NO' } }],
          },
    );
    const { data, errors } = await ask('{ posts { author { name } editor { name } } }');
    expect(data).toEqual({
      posts: [
        { author: null, editor: { name: 'Li' } },
        { author: null, editor: null },
      ],
    });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['posts', 0, 'author', 'name'],
      ['posts', 1, 'author', 'name'],
    ]);
  });

  test('of which very many fail at once are told of at twenty places', async () => {
    const many = Array.from({ length: 30 }, (_item, id) => ({
      author: { __typename: 'Person', id: `${id}` },
    }));
    const { ask } = start(people, ({ subgraph }) =>
      subgraph === 'posts' ? { data: { posts: many } } : { errors: [{ message: 'Away.' }] },
    );
    const { data, errors = [] } = await ask('{ posts { author { nick } } }');
    expect(data).toEqual({ posts: many.map(() => ({ author: { nick: null } })) });
    expect(errors.map(({ path }) => path)).toEqual(
      Array.from({ length: 20 }, (_item, index) => ['posts', index, 'author', 'nick']),
    );
  });

  test('whose subgraph answers something else leave the rest', async () => {
    const { ask } = start(people, ({ subgraph }) =>
      subgraph === 'posts' ? { data: structuredClone(posts) } : { data: { _entities: [{}] } },
    );
    const { data, errors } = await ask('{ posts { author { nick } editor { nick } } }');
    expect(data).toMatchObject({ posts: [{ author: { nick: null } }, { editor: null }] });
    expect(errors?.map(({ path }) => path)).toContainEqual(['posts', 0, 'author', 'nick']);
  });
});

describe('what a subgraph leaves out', () => {
  test('rises to the next place that may be null, with an error of its own', async () => {
    const { ask } = start(people, () => ({ data: { posts: [{ id: '1' }, { id: null }], other: [null] } }));
    const { data, errors } = await ask('{ posts { id } other { id } }');
    expect(data).toEqual({ posts: null, other: [null] });
    expect(errors?.map(({ path }) => path)).toEqual([['posts', 1, 'id']]);
  });

  test('takes all data with it where nothing may be null', async () => {
    const { ask } = start(people, () => ({ data: { must: null } }));
    expect((await ask('{ must { id } }')).data).toBeNull();
  });

  test('because one field failed that must be there is told of as that failure alone', async () => {
    const { ask } = start(people, () => ({
      data: null,
      errors: [{ message: 'No.', path: ['must', 'id'], extensions: { code: 'NO' } }],
    }));
    const { data, errors } = await ask('{ first: must { id } must { id } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ message: 'No.', path: ['must', 'id'] }]);
    expect(errors).toHaveLength(1);
  });

  test('or brings beside what it was asked stays behind', async () => {
    const { ask } = start(people, () => ({ data: { posts: [{ id: '1', secret: 's' }], secret: 's' } }));
    expect(await ask('{ posts { id } }')).toEqual({ data: { posts: [{ id: '1' }] } });
  });

  test('or of another type than its schema says becomes null', async () => {
    const { ask } = start(people, () => ({ data: { posts: 'x', other: [{ id: true }, 7] } }));
    expect((await ask('{ posts { id } other { id } }')).data).toEqual({ posts: null, other: [null, null] });
  });
});

describe('names that objects inherit', () => {
  test('change no other object, whatever a subgraph says', async () => {
    const data = () => JSON.parse('{ "posts": [], "__proto__": { "other": [] } }') as Record<string, unknown>;
    const { ask } = start(people, () => ({ data: data() }));
    try {
      await ask('{ posts { id } }');
      expect(Object.keys(Object.prototype)).toEqual([]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'other');
    }
  });

  test('are names like others', async () => {
    const { ask } = start(people, () => ({ data: { constructor: null, toString: [{ valueOf: '1' }] } }));
    expect(await ask('{ constructor: posts { id } toString: posts { valueOf: id } }')).toEqual({
      data: { constructor: null, toString: [{ valueOf: '1' }] },
    });
    const missing = await start(people, () => ({ data: {} })).ask('{ constructor: posts { id } }');
    expect(missing).toEqual({ data: { constructor: null } });
  });

  test.each([
    '{ __proto__: posts { id } }',
    'query ($representations: Boolean!) { posts @skip(if: $representations) { id } }',
  ])('and those that are taken are refused: %s', async (query) => {
    const { ask } = start(people, () => ({ data: {} }));
    expect((await ask(query, { representations: false })).errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
    });
  });
});

test('introspection is answered here, beside data, with its conditions and variables', async () => {
  const { ask, asked } = start(people, () => ({ data: { posts: [] } }));
  const query = `query ($name: String!, $no: Boolean!) { posts { id } ... on Query { type: __type(name: $name) { name } }
    __schema @include(if: $no) { queryType { name } } kind: __typename }`;
  expect(await ask(query, { name: 'Post', no: false })).toEqual({
    data: { posts: [], type: { name: 'Post' }, kind: 'Query' },
  });
  expect(asked).toHaveLength(1);
});

describe('another supergraph', () => {
  const next: Fixture = {
    ...people,
    subgraphs: {
      ...people.subgraphs,
      persons: `${people.subgraphs['persons'] ?? ''} extend type Person { age: Int }`,
    },
  };

  test('takes over while requests are under way, and they end on the one they began with', async () => {
    const gate = Promise.withResolvers<void>();
    const { engine, ask, asked } = start(people, async ({ subgraph, variables }) => {
      if (subgraph === 'posts') {
        await gate.promise;
        return { data: structuredClone(posts) };
      }
      return { data: { _entities: variables.representations?.map(() => ({ name: 'Li', age: 7 })) } };
    });
    const before = ask('{ posts { author { name } } }');
    await engine.swap(compose(next));
    const after = ask('{ posts { author { name age } } }');
    gate.resolve();
    expect((await before).data).toEqual({ posts: [{ author: { name: 'Li' } }, { author: { name: 'Li' } }] });
    expect((await after).data).toMatchObject({ posts: [{ author: { name: 'Li', age: 7 } }, {}] });
    expect(asked.filter(({ query }) => query.includes('age'))).toHaveLength(1);
  });

  test('does not take over what was found valid for the one before, and has lost a field since', async () => {
    const { engine, ask } = start(next, () => ({ data: { posts: [] } }));
    const { schema } = engine.supergraph;
    await engine.swap(compose(people));
    expect(await ask('{ posts { author { age } } }', {}, schema)).toEqual({ data: { posts: [] } });
  });

  test.each(['@authenticated', '@requiresScopes(scopes: [["staff"]])', '@policy(policies: [["staff"]])'])(
    'that relies on %s, which nobody here enforces, is refused',
    (directive) => {
      const [name = ''] = directive.split('(');
      const guarded = `${head.replace('"@key"', `"@key", "${name}"`)} type Query { secret: Int ${directive} }`;
      const open = () => start({ ...people, subgraphs: { vault: guarded } }, () => ({ data: { secret: 1 } }));
      expect(open).toThrow(new RegExp(`${name.slice(1)}.*unsupported`));
    },
  );

  test('that is none changes nothing', async () => {
    const { engine, ask } = start(people, () => ({ data: { posts: [] } }));
    await expect(engine.swap('type Query { a: Int }')).rejects.toThrow(/supergraph/i);
    expect((await ask('{ posts { id } }')).data).toEqual({ posts: [] });
  });
});

test('arguments from objects above reach each entity', async () => {
  const world = new World(3, entitiesOf(withContext), calm);
  const fakes = Object.fromEntries(
    Object.entries(withContext.subgraphs).map(([name, sdl]) => [name, createFakeSubgraph(sdl, world)]),
  );
  const { ask, asked } = start(
    withContext,
    ({ subgraph, query, variables }) =>
      (fakes[subgraph] ?? fakes['people'])?.run(query, variables) ?? { data: null },
  );
  const { data, errors } = await ask('{ people { currency accounts { balance } } }');
  expect(errors).toBeUndefined();
  const { people: list } = data as { people: { currency: string; accounts: { balance: string | null }[] }[] };
  expect(list.flatMap(({ accounts }) => accounts).length).toBeGreaterThan(0);
  const contextual = asked.flatMap(({ variables }) =>
    Object.entries(variables)
      .filter(([name]) => name !== 'representations')
      .map(([, value]) => value),
  );
  expect(new Set(contextual)).toEqual(
    new Set(list.filter((each) => each.accounts.length > 0).map((each) => each.currency)),
  );
});

test('a field that is narrowed twice is not lost, as it is with the stock gateway', async () => {
  const [shop] = fixtures;
  if (shop === undefined) throw new Error('There is no fixture.');
  const rivals = await Rivals.start(shop);
  const made = {
    query: '{ product(id: "id-1") { maker { ... on Node { ... on Maker { id name } } } } }',
    variables: {},
  };
  const document = rivals.parse(made);
  if (document === undefined) throw new Error('The operation is not valid.');
  const world = () => new World(1, entitiesOf(shop), calm);
  const truth = await askTruth(rivals.whole, document, made.variables, world());
  expect(JSON.parse(JSON.stringify((await rivals.askOurs(document, made, world())).data))).toEqual(truth);
  expect((await rivals.askStock(document, made, world())).data).toMatchObject({ product: { maker: {} } });
  expect(JSON.stringify((await rivals.askStock(document, made, world())).data)).not.toContain('name');
});
