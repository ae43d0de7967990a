import { expect, test } from 'vitest';
import { providerKey } from '../src/payments.ts';

test('the same intent always has the same key, another intent or book another', () => {
  const key = providerKey('cmp', 'int_01kdvdna00fkd8rgnct9qzcm8b');
  expect(key).toMatchInlineSnapshot(`"cmp_tnn8er4k3z41t5ec6jmvh977"`);
  expect(providerKey('cmp', 'int_01kdvdna00fkd8rgnct9qzcm8b')).toBe(key);
  expect(providerKey('ins', 'int_01kdvdna00fkd8rgnct9qzcm8b').slice(4)).not.toBe(key.slice(4));
  const keys = new Set(Array.from({ length: 10_000 }, (_, index) => providerKey('cmp', `int_${index}`)));
  expect(keys.size).toBe(10_000);
});

test('every provider takes it: at most 32 of 0-9, a-z and _', () => {
  expect(providerKey('cmpgnx', 'int_1')).toMatch(/^[0-9a-z_]{6,32}$/);
});

test('a book is a short word', () => {
  expect(() => providerKey('Campaigns', 'int_1')).toThrow(RangeError);
});
