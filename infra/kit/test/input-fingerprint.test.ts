import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputFingerprint } from '../src/graphql/graphql.ts';

test('the same request has the same fingerprint, in whatever order its fields come', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.bigInt(), fc.array(fc.string()));
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), value), (input) => {
      const turned = Object.fromEntries(Object.entries(input).toReversed());
      expect(inputFingerprint(turned)).toBe(inputFingerprint(input));
      expect(inputFingerprint({ ...input, ['' as string]: 'more' })).not.toBe(inputFingerprint(input));
    }),
  );
});

test('null is as good as absent, and a value of another type is another request', () => {
  expect(inputFingerprint({ a: 1, b: null, c: undefined })).toBe(inputFingerprint({ a: 1 }));
  const different = [
    { a: 1 },
    { a: '1' },
    { a: 1n },
    { a: [1] },
    { a: { a: 1 } },
    { a: true },
    [['a', 1]],
    {},
  ];
  expect(new Set(different.map(inputFingerprint)).size).toBe(different.length);
});
