import { anonymous } from '@banyan/kit/hop';
import { describe, expect, test } from 'vitest';
import type { FetchAnswer } from '../src/engine/subgraph-call.ts';
import { Supergraph } from '../src/engine/supergraph.ts';
import { createLiveOperations } from '../src/live/live-operation.ts';
import { compose } from './oracle/gateways.ts';

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])`;

/** A bill that is followed; a quarter of its readers are to have its total from another subgraph than before. */
const supergraph = new Supergraph(
  compose({
    name: 'bills',
    subgraphs: {
      bills: `${head} type Query { bill: Bill } type Subscription { billChanged: Bill }
        type Bill @key(fields: "id") { id: ID!  total: String }`,
      totals: `${head} type Bill @key(fields: "id") { id: ID!
        total: String @override(from: "bills", label: "percent(25)") }`,
    },
  }),
);

/** What a subscriber is told of one event on the stream. */
async function told(query: string, event: FetchAnswer, random?: () => number): Promise<unknown> {
  const operationOf = createLiveOperations({
    supergraph: () => supergraph,
    viewOf: () => null,
    streams: {
      open() {
        throw new Error('Nobody opens a stream here.');
      },
    },
    call: () => Promise.resolve({ data: { _entities: [{ total: 'new' }] } }),
    maxDeadlineMs: 1_000,
    formatError: ({ message, path }) => ({ message, ...(path && { path }) }),
    ...(random && { random }),
  });
  const who = { caller: anonymous, requestId: 'r', language: undefined };
  return JSON.parse(
    await operationOf({ query, variables: {}, operationName: null }, who).plan().resolve(event),
  );
}

test.each([
  [0.249, 'new'],
  [0.25, 'old'],
])(
  'a field that is moving is taken from its new place by its share of streams: at %d it is the %s one',
  async (at, total) => {
    const event = { data: { billChanged: { __typename: 'Bill', id: '1', total: 'old' } } };
    expect(await told('subscription { billChanged { total } }', event, () => at)).toEqual({
      data: { billChanged: { total } },
    });
  },
);

describe('an event of which its subgraph could not tell all', () => {
  const failed = { message: 'No.', path: ['due', 'sum'] };

  test('is told of with the rest, and with the error at the client’s path', async () => {
    const answer = { data: { due: { __typename: 'Bill', id: '1', sum: null } }, errors: [failed] };
    const query = 'subscription { due: billChanged { sum: total id } }';
    expect(await told(query, answer, () => 1)).toEqual({
      data: { due: { sum: null, id: '1' } },
      errors: [failed],
    });
  });

  test('is told of without data where there is none', async () => {
    const answer = { data: null, errors: [{ message: 'No.', path: ['billChanged'] }] };
    expect(await told('subscription { billChanged { id } }', answer)).toEqual({
      data: { billChanged: null },
      errors: [{ message: 'No.', path: ['billChanged'] }],
    });
  });
});
