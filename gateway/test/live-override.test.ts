import { anonymous } from '@banyan/kit/hop';
import { expect, test } from 'vitest';
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

test.each([
  [0.249, 'new'],
  [0.25, 'old'],
])(
  'a field that is moving is taken from its new place by its share of streams: at %d it is the %s one',
  async (at, total) => {
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
      formatError: (formatted) => formatted,
      random: () => at,
    });
    const who = { caller: anonymous, requestId: 'r', language: undefined };
    const request = { query: 'subscription { billChanged { total } }', variables: {}, operationName: null };
    const event = { data: { billChanged: { __typename: 'Bill', id: '1', total: 'old' } } };
    expect(JSON.parse(await operationOf(request, who).plan().resolve(event))).toEqual({
      data: { billChanged: { total } },
    });
  },
);
