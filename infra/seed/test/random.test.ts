import { expect, test } from 'vitest';
import { createRandom } from '../src/seed.ts';

test('the same seed gives the same chance, another seed another', () => {
  const draw = (seed: string) => {
    const random = createRandom(seed);
    return Array.from({ length: 20 }, () => random.int(1, 1_000_000));
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});

test('whole numbers reach both ends and nothing beyond', () => {
  const random = createRandom('ends');
  const seen = new Set(Array.from({ length: 1000 }, () => random.int(3, 7)));
  expect([...seen].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7]);
});

test('weights are kept to: nothing of weight zero comes, the rest in proportion', () => {
  const random = createRandom('weights');
  const drawn = Array.from({ length: 10_000 }, () =>
    random.weighted([
      ['never', 0],
      ['often', 3],
      ['seldom', 1],
    ]),
  );
  expect(drawn).not.toContain('never');
  expect(drawn.filter((word) => word === 'often').length).toBeGreaterThan(7_200);
  expect(drawn.filter((word) => word === 'often').length).toBeLessThan(7_800);
});

test('a shuffle loses and doubles nothing', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const shuffled = createRandom('shuffle').shuffle(items);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
  expect(new Set(createRandom('sample').sample(items, 10)).size).toBe(10);
});

test('choosing from nothing is an error', () => {
  expect(() => createRandom('empty').pick([])).toThrow('empty list');
  expect(() => createRandom('empty').weighted([['none', 0]])).toThrow('positive weight');
});
