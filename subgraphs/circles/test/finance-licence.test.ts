import { newId } from '@banyan/kit/graphql';
import { expect, test } from 'vitest';
import { assertMayRun } from '../src/domain/finance-licence.ts';

const company = {
  id: newId('org'),
  kinds: ['COMPANY' as const],
  licence_valid_from: '2026-03-02',
  licence_valid_to: '2026-03-05',
};
const runs = (instant: string) => () => assertMayRun('WEALTH', company, new Date(instant));

test('a licence runs from midnight to midnight in China', () => {
  expect(runs('2026-03-01T15:59:59Z')).toThrow('LICENCE_REQUIRED');
  expect(runs('2026-03-01T16:00:00Z')).not.toThrow();
  expect(runs('2026-03-05T15:59:59Z')).not.toThrow();
  expect(runs('2026-03-05T16:00:00Z')).toThrow('LICENCE_REQUIRED');
});
