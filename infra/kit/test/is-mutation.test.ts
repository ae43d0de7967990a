import { expect, test } from 'vitest';
import { isMutation } from '../src/graphql/is-mutation.ts';

const asked = (query: string, operationName?: string) => isMutation({ query, operationName });

test.each([
  ['named', 'mutation Give($id: ID!) { give(id: $id) }'],
  ['without a name', 'mutation{give}'],
  ['behind a comment', '# Gives.\nmutation { give }'],
  ['behind spaces, commas and a mark of byte order', '\uFEFF ,\n mutation { give }'],
  ['behind the fragment that it spreads', 'fragment F on Mutation { give } mutation { ...F }'],
])('a mutation is known as one: %s', (_what, query) => {
  expect(asked(query)).toBe(true);
});

test.each([
  ['without the word', '{ hello }'],
  ['that asks for a field of that name', '{ mutations { id } }'],
  ['that names a field so', 'query { mutation: hello }'],
  ['of that name', 'query mutation { hello }'],
  ['with a variable of that name', 'query ($mutation: Input = { a: 1 }) { hello(a: $mutation) }'],
  ['that says it in a text', '{ search(words: "} mutation { give }") { id } }'],
  ['that says it in a comment', '# no mutation { give }\n{ hello }'],
])('a query is not taken for one: %s', (_what, query) => {
  expect(asked(query)).toBe(false);
});

test('of several operations the one that is run counts', () => {
  const both = 'mutation Give { give } query Look { hello }';
  expect([asked(both, 'Give'), asked(both, 'Look')]).toEqual([true, false]);
  expect([asked(`fragment F on Query { hello } ${both}`, 'Give'), asked(both, 'Gi')]).toEqual([true, false]);
});

test('what is no document is no mutation', () => {
  expect([asked('{ mutation'), asked('# mutation'), asked('')]).toEqual([false, false, false]);
});
