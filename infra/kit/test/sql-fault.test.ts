import { expect, test } from 'vitest';
import { sqlFaultOf } from '../src/database/database.ts';

test.each([
  ['lost', ['08006', '57P01', '57P03', '58030', '53100', '40003']],
  ['transient', ['40001', '40P01', '55P03', '57014']],
  ['stale', ['25006', '0A000', '26000']],
  ['exhausted', ['53200', '53300']],
  ['row', ['22003', '23505', 'P0001']],
  ['fatal', ['42P01', '28P01', 'XX000']],
])('what PostgreSQL says is %s: %s', (fault, states) => {
  expect(states.map(sqlFaultOf)).toEqual(states.map(() => fault));
});
