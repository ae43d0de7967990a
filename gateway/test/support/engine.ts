import { parse, type GraphQLSchema } from 'graphql';
import { createEngine } from '../../src/engine/engine.ts';
import type { FetchAnswer } from '../../src/engine/subgraph-call.ts';
import type { Fixture } from '../oracle/fixtures.ts';
import { compose, type Outcome } from '../oracle/gateways.ts';
import { silent } from './subgraph.ts';

export const head =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** A graph of two subgraphs whose answers a test writes itself. */
export const people: Fixture = {
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

/** What the first of them says of its posts. */
export const posts = {
  posts: [
    { author: { __typename: 'Person', id: '1' }, editor: { __typename: 'Person', id: '2' } },
    { author: { __typename: 'Person', id: '1' }, editor: null },
  ],
};

interface Asked {
  subgraph: string;
  query: string;
  variables: { representations?: unknown[] } & Record<string, unknown>;
}

/** Our engine before subgraphs that answer as `answer` says. */
export function startEngine(fixture: Fixture, answer: (asked: Asked) => FetchAnswer | Promise<FetchAnswer>) {
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
