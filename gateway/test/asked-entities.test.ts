import { setImmediate } from 'node:timers/promises';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../src/engine/engine.ts';
import type { FetchAnswer } from '../src/engine/subgraph-call.ts';
import { compose } from './oracle/gateways.ts';
import { silent } from './support/subgraph.ts';

const head = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const talk = {
  posts: `${head} type Query { post: Post }  type Mutation { touch: Post }
    type Post @key(fields: "id") { id: ID!  author: Person }  type Person @key(fields: "id") { id: ID! }`,
  threads: `${head} type Mutation { poke: Post }
    type Post @key(fields: "id") { id: ID!  comments: [Comment!] }  type Comment { author: Person }
    type Person @key(fields: "id") { id: ID! }`,
  persons: `${head} type Person @key(fields: "id") { id: ID!  name: String  address: Address }
    type Address { city: String }`,
};

type Representation = Readonly<{ id: string }>;
type PersonsAnswer = (ids: readonly string[], time: number) => FetchAnswer | Promise<FetchAnswer>;

const person = (id: string) => ({ __typename: 'Person', id });
const post = () => ({ __typename: 'Post', id: 'p', author: person('1') });
const named: PersonsAnswer = (ids) => ({
  data: { _entities: ids.map((id) => ({ name: `Person ${id}` })) },
});

/** Runs an operation; gives its answer and whom the subgraph of persons was asked for, each time. */
async function run(query: string, answer: PersonsAnswer = named) {
  const asked: string[][] = [];
  const engine = createEngine<null>({
    supergraphSdl: compose({ name: 'talk', subgraphs: talk }),
    async call({ subgraph, head: text, variables = '{}' }) {
      const { query: sent } = JSON.parse(`${text}}`) as { query: string };
      const isMutation = sent.startsWith('mutation');
      if (subgraph === 'posts') return { data: isMutation ? { touch: post() } : { post: post() } };
      if (subgraph === 'threads') {
        const thread = { comments: [{ author: person('1') }, { author: person('2') }] };
        return { data: isMutation ? { poke: thread } : { _entities: [thread] } };
      }
      const { representations } = JSON.parse(variables) as { representations: Representation[] };
      asked.push(representations.map(({ id }) => id));
      return answer(asked.at(-1) ?? [], asked.length);
    },
  });
  const { executor, schema } = engine.open();
  const request = { query, variables: {} };
  const context = { request, document: parse(query), schema, source: query, queryHash: query, context: null };
  const result = await executor({ ...context, operationName: null, metrics: {}, logger: silent } as never);
  return { asked, ...(JSON.parse(JSON.stringify(result)) as { data: unknown; errors?: unknown[] }) };
}

const names = '{ post { author { name } comments { author { name } } } }';
const allNamed = {
  post: {
    author: { name: 'Person 1' },
    comments: [{ author: { name: 'Person 1' } }, { author: { name: 'Person 2' } }],
  },
};

describe('an entity that stands higher up as well', () => {
  test('is not asked for again', async () => {
    const { data, errors, asked } = await run(names);
    expect({ data, errors, asked }).toEqual({ data: allNamed, errors: undefined, asked: [['1'], ['2']] });
  });

  test('is waited for where it is still on its way', async () => {
    const { data, asked } = await run(names, async (ids, time) => {
      // The comments have come when the first answer does.
      if (time === 1) for (let turn = 0; turn < 3; turn += 1) await setImmediate();
      return named(ids, time);
    });
    expect({ data, asked }).toEqual({ data: allNamed, asked: [['1'], ['2']] });
  });

  test('is told of as failed at both places where it failed on its way', async () => {
    const { data, errors } = await run(names, async (ids, time) => {
      if (time !== 1) return named(ids, time);
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
      return { data: { _entities: [null] }, errors: [{ message: 'No.', path: ['_entities', 0, 'name'] }] };
    });
    expect(data).toEqual({
      post: {
        author: { name: null },
        comments: [{ author: { name: null } }, { author: { name: 'Person 2' } }],
      },
    });
    expect(errors).toMatchObject([
      { path: ['post', 'author', 'name'] },
      { path: ['post', 'comments', 0, 'author', 'name'] },
    ]);
  });

  test('is asked for again where it failed before', async () => {
    const { data, errors, asked } = await run(names, (ids, time) =>
      time === 1 ? { errors: [{ message: 'Not now.' }] } : named(ids, time),
    );
    expect(asked).toEqual([['1'], ['1', '2']]);
    expect(data).toEqual({ post: { ...allNamed.post, author: { name: null } } });
    expect(errors).toHaveLength(1);
  });

  test('is not asked for again either where objects of its own are wanted', async () => {
    const { data, asked } = await run(
      '{ post { author { address { city } } comments { author { address { city } } } } }',
      (ids) => ({ data: { _entities: ids.map((id) => ({ address: { city: `City ${id}` } })) } }),
    );
    const [first, second] = ['1', '2'].map((id) => ({ author: { address: { city: `City ${id}` } } }));
    expect({ data, asked }).toEqual({
      data: { post: { ...first, comments: [first, second] } },
      asked: [['1'], ['2']],
    });
  });

  test('is asked for again after each step of a mutation', async () => {
    let version = 0;
    const { data, asked } = await run(
      'mutation { touch { author { name } } poke { comments { author { name } } } }',
      (ids) => ({ data: { _entities: ids.map(() => ({ name: `Version ${(version += 1)}` })) } }),
    );
    expect(asked).toEqual([['1'], ['1', '2']]);
    expect(data).toEqual({
      touch: { author: { name: 'Version 1' } },
      poke: { comments: [{ author: { name: 'Version 2' } }, { author: { name: 'Version 3' } }] },
    });
  });
});
