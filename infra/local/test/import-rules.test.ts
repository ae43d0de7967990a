import { expect, test } from 'vitest';
import { violationOf } from '../src/check/import-rules.ts';

function check(file: string, specifier: string, isType = false): string | undefined {
  return violationOf({ file, specifier, isType });
}

test.each([
  ['subgraphs/users/src/app.ts', '@banyan/kit/service'],
  ['subgraphs/campaigns/src/app.ts', '@banyan/ledger'],
  ['subgraphs/users/test/sign-in.test.ts', '@banyan/sandbox'],
  ['subgraphs/users/src/main.ts', './app.ts'],
  ['subgraphs/users/src/app.ts', './schema.ts'],
  ['subgraphs/users/src/graphql/user.ts', '../domain/sign-in.ts'],
  ['subgraphs/users/src/graphql/user.ts', './viewer.ts'],
  ['subgraphs/users/src/domain/sign-in.ts', '../db/people.ts'],
  ['subgraphs/users/src/events/on-praise.ts', '../domain/trust.ts'],
  ['gateway/src/app.ts', 'graphql'],
  ['infra/kit/src/hop/server.ts', '../service/body.ts'],
])('%s may import %s', (file, specifier) => {
  expect(check(file, specifier)).toBeUndefined();
});

test.each([
  ['subgraphs/users/src/app.ts', '@banyan/campaigns', 'must not import @banyan/campaigns'],
  ['subgraphs/users/src/app.ts', '@banyan/sandbox', 'must not import @banyan/sandbox'],
  ['subgraphs/users/src/app.ts', '../../courses/src/app.ts', 'another package'],
  ['infra/kit/src/hop/hop.ts', '@banyan/ledger', 'infra/kit must not import'],
  ['gateway/src/app.ts', '@banyan/seed', 'gateway must not import'],
  ['schema/src/build.ts', '../vocabulary/src/person.ts', 'another package'],
  ['subgraphs/users/src/db/people.ts', '../domain/phone.ts', 'never back'],
  ['subgraphs/users/src/domain/sign-in.ts', '../graphql/user.ts', 'never back'],
  ['subgraphs/users/src/domain/sign-in.ts', '../context.ts', 'never back'],
  ['subgraphs/users/src/graphql/user.ts', '../schema.ts', 'never back'],
  ['subgraphs/users/src/schema.ts', './app.ts', 'never back'],
])('%s must not import %s', (file, specifier, reason) => {
  expect(check(file, specifier)).toContain(reason);
});

test('an action may name the type of the context, and nothing else of it', () => {
  expect(check('subgraphs/users/src/domain/sign-in.ts', '../context.ts', true)).toBeUndefined();
});
