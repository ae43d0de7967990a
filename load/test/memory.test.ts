import { expect, test } from 'vitest';
import { assertFitsMemory } from '../src/cli/memory.ts';

test('a run of hours fits, and one whose gifts the auditor could not hold is refused before it begins', () => {
  const heapBytes = 4_192 * 2 ** 20;
  expect(() => assertFitsMemory({ seconds: 14_400, rate: 100 }, heapBytes)).not.toThrow();
  expect(() => assertFitsMemory({ seconds: 604_800, rate: 100_000 }, heapBytes)).toThrow(
    '604,800 s at 100,000 gifts a second are 60,480,000,000 gifts, and the auditor can hold 1,717,043 in 4192 MiB.',
  );
});
