import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { expect, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';

const greet = gql`
  query Greet($name: String) {
    hello(name: $name)
  }
`;

/** Apollo's own client with its own persisted queries, and what it sends over the wire. */
function startClient(edge: Edge, options: { useGETForHashedQueries?: boolean } = {}) {
  const sent: string[] = [];
  const http = new HttpLink({
    uri: `${edge.url}/graphql`,
    fetch: async (input, init) => {
      const { pathname, searchParams } = new URL(new Request(input).url);
      const text =
        typeof init?.body === 'string' ? init.body : JSON.stringify(Object.fromEntries(searchParams));
      const hasQuery = 'query' in (JSON.parse(text) as object);
      sent.push(`${init?.method} ${pathname} ${hasQuery ? 'with' : 'without'} the query`);
      return fetch(input, init);
    },
  });
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new PersistedQueryLink({ sha256, ...options }).concat(http),
  });
  const ask = async (name: string) => (await client.query({ query: greet, variables: { name } })).data;
  return { ask, sent };
}

test('Apollo’s client sends a query once, and its hash from then on', async () => {
  const edge = await startEdge();
  const first = startClient(edge);
  expect(await first.ask('Wang')).toEqual({ hello: 'Hello, Wang' });
  expect(await first.ask('Li')).toEqual({ hello: 'Hello, Li' });
  expect(first.sent).toEqual([
    'POST /graphql without the query',
    'POST /graphql with the query',
    'POST /graphql without the query',
  ]);
  const second = startClient(edge);
  await second.ask('Zhao');
  expect(second.sent).toEqual(['POST /graphql without the query']);
});

test('Apollo’s client asks by GET for what proxies may keep', async () => {
  const edge = await startEdge();
  const { ask, sent } = startClient(edge, { useGETForHashedQueries: true });
  await ask('Wang');
  expect(await ask('Li')).toEqual({ hello: 'Hello, Li' });
  expect(sent).toEqual([
    'GET /graphql without the query',
    'POST /graphql with the query',
    'GET /graphql without the query',
  ]);
});

test('where nothing is remembered Apollo’s client goes on with queries', async () => {
  const edge = await startEdge({ APQ: 'off' });
  const { ask, sent } = startClient(edge);
  await ask('Wang');
  expect(await ask('Li')).toEqual({ hello: 'Hello, Li' });
  expect(sent).toEqual([
    'POST /graphql without the query',
    'POST /graphql with the query',
    'POST /graphql with the query',
  ]);
});
