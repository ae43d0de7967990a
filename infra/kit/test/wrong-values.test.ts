import { createErrorFormatter, createGraphqlServer } from '@banyan/kit/graphql';
import { createLogger } from '@banyan/kit/service';
import { GraphQLObjectType, GraphQLSchema, GraphQLString, type GraphQLScalarType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalGateway } from '../src/graphql/execution/local-gateway.ts';
import { bigIntScalar, dateScalar, dateTimeScalar } from '../src/graphql/scalars.ts';

const field = (type: GraphQLScalarType) => ({
  type: GraphQLString,
  args: { value: { type } },
  resolve: () => 'taken',
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { number: field(bigIntScalar), day: field(dateScalar), instant: field(dateTimeScalar) },
  }),
});
const log = createLogger({ service: 'test', level: 'silent' });
const server = createGraphqlServer({
  gateway: createLocalGateway(schema),
  formatError: createErrorFormatter(log),
  log,
});
beforeAll(() => server.start());
afterAll(() => server.stop());

/** The first error of an operation. */
async function errorOf(query: string, variables?: Record<string, unknown>) {
  const { result } = await server.run({ query, variables }, {});
  return result.errors?.[0];
}

describe('a value that is none of its kind is the client’s to mend, and it is told how', () => {
  test.each([
    ['number', 'BigInt', '1.5', 'BigInt takes a whole number as a string of digits, such as "1000".'],
    ['number', 'BigInt', '9'.repeat(19), 'BigInt takes numbers of at most 64 bits.'],
    ['day', 'Date', 'today', 'Date takes a calendar day, such as "2026-01-31".'],
    ['instant', 'DateTime', 'now', 'DateTime takes an RFC 3339 instant, such as "2026-01-31T08:00:00Z".'],
  ])('%s: %s, "%s"', async (name, type, value, words) => {
    const inText = await errorOf(`{ ${name}(value: "${value}") }`);
    const inVariable = await errorOf(`query ($value: ${type}) { ${name}(value: $value) }`, { value });
    expect(inText).toMatchObject({ message: words, extensions: { code: 'BAD_USER_INPUT' } });
    expect(inVariable?.message).toContain(words);
    expect(inVariable?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });

  test('while a field that there is not is still a fault of the document', async () => {
    expect((await errorOf('{ nothing }'))?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
