import { describe, expect, test } from 'vitest';
import { Rivals } from './oracle/gateways.ts';
import { entitiesOf, fixtures, withContext } from './oracle/fixtures.ts';
import { askTruth, createFakeSubgraph, World } from './oracle/world.ts';
import { people, posts, startEngine } from './support/engine.ts';

const calm = { nulls: 0, errors: 0 };

describe('entities', () => {
  test('go once each, and equal fetches of one level go as one operation', async () => {
    const { ask, asked } = startEngine(people, ({ subgraph, variables }) =>
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
    const { ask } = startEngine(people, ({ subgraph }) =>
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
    const { ask } = startEngine(people, ({ subgraph }) =>
      subgraph === 'posts' ? { data: { posts: many } } : { errors: [{ message: 'Away.' }] },
    );
    const { data, errors = [] } = await ask('{ posts { author { nick } } }');
    expect(data).toEqual({ posts: many.map(() => ({ author: { nick: null } })) });
    expect(errors.map(({ path }) => path)).toEqual(
      Array.from({ length: 20 }, (_item, index) => ['posts', index, 'author', 'nick']),
    );
  });

  test('whose subgraph answers something else leave the rest', async () => {
    const { ask } = startEngine(people, ({ subgraph }) =>
      subgraph === 'posts' ? { data: structuredClone(posts) } : { data: { _entities: [{}] } },
    );
    const { data, errors } = await ask('{ posts { author { nick } editor { nick } } }');
    expect(data).toMatchObject({ posts: [{ author: { nick: null } }, { editor: null }] });
    expect(errors?.map(({ path }) => path)).toContainEqual(['posts', 0, 'author', 'nick']);
  });
});

test('introspection is answered here, beside data, with its conditions and variables', async () => {
  const { ask, asked } = startEngine(people, () => ({ data: { posts: [] } }));
  const query = `query ($name: String!, $no: Boolean!) { posts { id } ... on Query { type: __type(name: $name) { name } }
    __schema @include(if: $no) { queryType { name } } kind: __typename }`;
  expect(await ask(query, { name: 'Post', no: false })).toEqual({
    data: { posts: [], type: { name: 'Post' }, kind: 'Query' },
  });
  expect(asked).toHaveLength(1);
});

test('arguments from objects above reach each entity', async () => {
  const world = new World(3, entitiesOf(withContext), calm);
  const fakes = Object.fromEntries(
    Object.entries(withContext.subgraphs).map(([name, sdl]) => [name, createFakeSubgraph(sdl, world)]),
  );
  const { ask, asked } = startEngine(
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
