import { auditServer, type AuditResult } from 'graphql-http';
import { expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';

/** As a page that may ask sends it; see requirePreflight. */
const withPreflight: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { 'apollo-require-preflight': '1', ...init?.headers } });

const shown = (results: readonly AuditResult[]) =>
  results.map((result) =>
    'reason' in result ? `${result.status} ${result.id}: ${result.name}: ${result.reason}` : result.status,
  );

test('GraphQL over HTTP is kept to the letter, with all limits and budgets on', async () => {
  const edge = await startEdge();
  const results = await auditServer({ url: `${edge.url}/graphql`, fetchFn: withPreflight });
  expect(results.length).toBeGreaterThanOrEqual(60);
  expect(shown(results)).toEqual(results.map(() => 'ok'));
});

test('a GET that a foreign page can send is refused; a server MAY do so', async () => {
  const edge = await startEdge();
  const results = await auditServer({ url: `${edge.url}/graphql` });
  const others = results.filter(({ status }) => status !== 'ok');
  expect(others.map(({ status, id }) => `${status} ${id}`)).toEqual([
    'notice 5A70',
    'notice D6D5',
    'notice 6A70',
  ]);
});
