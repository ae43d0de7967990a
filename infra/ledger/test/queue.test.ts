import { expect, test } from 'vitest';
import { hashInput } from '../src/ledger.ts';
import type { HashedValue } from '../src/ledger.ts';
import { BookQueue } from '../src/queue.ts';

function row(book: string, number: number) {
  return { book, number };
}

test('rows of a book leave in the order they came, within the bounds', () => {
  const queue = new BookQueue<{ book: string; number: number }>();
  for (let number = 1; number <= 5; number += 1) queue.add(row('a', number));
  queue.add(row('b', 6));
  expect(queue.take(3, 10).map((each) => each.number)).toEqual([1, 2, 3]);
  expect(queue.rows).toBe(3);
});

test('who was served goes to the end, so that a hot book does not starve the others', () => {
  const queue = new BookQueue<{ book: string; number: number }>();
  for (let number = 1; number <= 5; number += 1) queue.add(row('hot', number));
  queue.add(row('quiet', 6));
  queue.take(3, 10);
  expect(queue.take(2, 10).map((each) => each.number)).toEqual([6, 4]);
  expect(queue.take(2, 10).map((each) => each.number)).toEqual([5]);
  expect(queue.take(2, 10)).toEqual([]);
});

test('a batch holds no more books than it may', () => {
  const queue = new BookQueue<{ book: string; number: number }>();
  for (const book of ['a', 'b', 'c']) queue.add(row(book, 1));
  expect(queue.take(10, 2).map((each) => each.book)).toEqual(['a', 'b']);
});

test('a row that was taken out is not served, and can be taken out once', () => {
  const queue = new BookQueue<{ book: string; number: number }>();
  const [one, two] = [row('a', 1), row('a', 2)];
  queue.add(one);
  queue.add(two);
  expect([queue.remove(one), queue.remove(one)]).toEqual([true, false]);
  expect(queue.take(10, 10)).toEqual([two]);
  expect([queue.remove(two), queue.rows]).toEqual([false, 0]);
});

test('the hash of an input depends on names, values and types, not on the order', () => {
  const hash = hashInput({ amount: 1n, message: 'hello' });
  expect(hash).toHaveLength(43);
  expect(hashInput({ message: 'hello', amount: 1n })).toBe(hash);
  const others: Record<string, HashedValue>[] = [
    { amount: 1, message: 'hello' },
    { amount: 1n, message: 'hello!' },
    { amount: 1n, text: 'hello' },
  ];
  expect(others.map((each) => hashInput(each))).not.toContain(hash);
});
