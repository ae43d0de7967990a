import { ApolloServer } from '@apollo/server';
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGraphqlServer, shownError, type GraphqlServer } from '@banyan/kit/graphql';
import { createLogger } from '@banyan/kit/service';
import { createLocalGateway } from '../src/graphql/execution/local-gateway.ts';

/** Apollo Server copies the context of an operation, and not what the context refers to. */
interface Counting {
  tally: { calls: number };
}

function makeSchema(): GraphQLSchema {
  const schema = buildSchema(`
    type Query { word: String!  nothing: String  refused: String  broken: String  brokenWord: String!  times(n: Int!): Int!  teapot: String  unspeakable: String }
    type Mutation { give(minor: String!): String!  giveAndFail: String }
    type Subscription { words: String }`);
  const count = (_args: unknown, context: Counting) => (context.tally.calls += 1);
  const resolvers: Record<string, (args: { n: number; minor: string }, context: Counting) => unknown> = {
    word: (args, context) => {
      count(args, context);
      return 'tree';
    },
    refused: (args, context) => {
      count(args, context);
      throw shownError('FORBIDDEN', 'Not for you.', { reason: 'TEST' });
    },
    broken: (args, context) => {
      count(args, context);
      throw new Error('a secret');
    },
    brokenWord: (args, context) => {
      count(args, context);
      throw new Error('a secret');
    },
    times: ({ n }) => n * 2,
    teapot: () => {
      throw new GraphQLError('Short and stout.', { extensions: { http: { status: 418 } } });
    },
    unspeakable: () => {
      throw new GraphQLError('Unspeakable.');
    },
    give: ({ minor }, context) => {
      count({}, context);
      return `${minor} given`;
    },
    giveAndFail: (args, context) => {
      count(args, context);
      throw new GraphQLError('Half way.');
    },
  };
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolver = resolvers[field.name];
      if (resolver !== undefined)
        field.resolve = (_source, args, context) =>
          resolver(args as { n: number; minor: string }, context as Counting);
    }
  return schema;
}

const formatError = (formatted: { message: string; extensions?: Record<string, unknown> }) => {
  if (formatted.message === 'Unspeakable.') throw new Error('There are no words for it.');
  return {
    ...formatted,
    message: formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR' ? 'hidden' : formatted.message,
  };
};

const operations: readonly [
  what: string,
  query: string,
  variables?: Record<string, unknown>,
  name?: string,
][] = [
  ['data', '{ word nothing }'],
  ['an error that is meant for the client', '{ word refused }'],
  ['an error that is not', '{ word broken }'],
  ['an error that asks for a status', '{ word teapot }'],
  ['an error that nobody can word', '{ word unspeakable }'],
  ['nothing, because a field that must be there failed', '{ brokenWord }'],
  ['a mutation', 'mutation ($minor: String!) { give(minor: $minor) }', { minor: '5' }],
  ['a mutation that fails', 'mutation { giveAndFail }'],
  ['one of two operations', 'query A { word } query B { nothing }', {}, 'B'],
  ['no operation of that name', 'query A { word } query B { nothing }', {}, 'C'],
  ['no name where one is needed', 'query A { word } query B { nothing }'],
  ['variables that fit', 'query ($n: Int!) { times(n: $n) }', { n: 4 }],
  ['a variable of another type', 'query ($n: Int!) { times(n: $n) }', { n: 'four' }],
  ['a variable that is missing', 'query ($n: Int!) { times(n: $n) }'],
  ['what cannot be parsed', '{ word'],
  ['what is not valid', '{ wrod }'],
];

const log = createLogger({ service: 'test', level: 'silent' });
const schema = makeSchema();
const stock = new ApolloServer<Counting>({
  gateway: createLocalGateway(schema),
  includeStacktraceInErrorResponses: false,
  stopOnTerminationSignals: false,
  introspection: true,
  formatError,
});
let server: GraphqlServer<Counting>;

beforeAll(async () => {
  server = createGraphqlServer<Counting>({ gateway: createLocalGateway(schema), formatError, log });
  await server.start();
});
afterAll(() => Promise.all([server.stop(), stock.stop()]));

describe('an operation that comes again', () => {
  test.each(operations)(
    'gets the answer that Apollo Server gives, and runs once each time: %s',
    async (...operation) => {
      const [, query, variables, operationName] = operation;
      const asked = { query, variables, operationName };
      const expectedCalls = { tally: { calls: 0 } };
      const { body, http } = await stock.executeOperation(asked, { contextValue: expectedCalls });
      const expected = body.kind === 'single' ? body.singleResult : undefined;
      for (let time = 1; time <= 3; time += 1) {
        const context = { tally: { calls: 0 } };
        const { result, status } = await server.run(asked, context);
        expect({ time, result, status }).toEqual({ time, result: expected, status: http.status });
        expect(context).toEqual(expectedCalls);
      }
    },
  );
});

describe('an executor that fails itself', () => {
  test.each([new Error('a secret'), shownError('BUSY', 'Later.')])(
    'is told of alike each time: %s',
    async (thrown) => {
      const first = createLocalGateway(schema);
      const failing = createGraphqlServer<Counting>({
        gateway: {
          ...first,
          async load(options) {
            await first.load(options);
            const executor = () => Promise.reject(thrown);
            return { executor };
          },
        },
        formatError,
        log,
      });
      await failing.start();
      const ask = () => failing.run({ query: '{ word }' }, { tally: { calls: 0 } });
      const whole = await ask();
      expect(whole.status).toBe(500);
      expect(whole.result.errors).toHaveLength(1);
      expect(await ask()).toEqual(whole);
      await failing.stop();
    },
  );
});

describe('when another schema is served', () => {
  test('a document that is not valid for it any more is refused, and one that has become valid runs', async () => {
    const listeners: ((next: { apiSchema: GraphQLSchema; coreSupergraphSdl: string }) => void)[] = [];
    const first = createLocalGateway(schema);
    const later = buildSchema('type Query { word: String!  late: String }');
    const swapping = createGraphqlServer<Counting>({
      gateway: {
        ...first,
        onSchemaLoadOrUpdate(listener) {
          listeners.push(listener);
          return first.onSchemaLoadOrUpdate(listener);
        },
      },
      formatError,
      log,
    });
    await swapping.start();
    const ask = async (query: string) => (await swapping.run({ query }, { tally: { calls: 0 } })).result;
    expect(await ask('{ nothing }')).toEqual({ data: { nothing: null } });
    expect(await ask('{ nothing }')).toEqual({ data: { nothing: null } });
    for (const tell of listeners) tell({ apiSchema: later, coreSupergraphSdl: '' });
    expect((await ask('{ nothing }')).errors?.[0]?.message).toMatch('Cannot query field "nothing"');
    expect((await ask('{ late }')).errors).toBeUndefined();
    await swapping.stop();
  });
});
