import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadlines } from '../src/graphql/deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const { promise: never } = Promise.withResolvers<string>();

test('each is late at its own deadline, whichever was watched first', async () => {
  const deadlines = createDeadlines();
  const began = Date.now();
  const late: string[] = [];
  for (const [name, afterMs] of [
    ['slow', 300],
    ['quick', 100],
    ['middle', 200],
  ] as const) {
    void deadlines.within(began + afterMs, never, () => name).then((text) => late.push(text));
  }
  await vi.advanceTimersByTimeAsync(99);
  expect(late).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(late).toEqual(['quick']);
  await vi.advanceTimersByTimeAsync(100);
  expect(late).toEqual(['quick', 'middle']);
  await vi.advanceTimersByTimeAsync(100);
  expect(late).toEqual(['quick', 'middle', 'slow']);
});

test('what is done in time is never late, and what fails fails as itself', async () => {
  const deadlines = createDeadlines();
  const onLate = vi.fn<() => string>(() => 'late');
  const atMs = Date.now() + 100;
  await expect(deadlines.within(atMs, Promise.resolve('done'), onLate)).resolves.toBe('done');
  await expect(deadlines.within(atMs, Promise.reject(new Error('failed')), onLate)).rejects.toThrow('failed');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(onLate).not.toHaveBeenCalled();
});

test('one timer watches over all', () => {
  const deadlines = createDeadlines();
  for (let index = 0; index < 50; index += 1)
    void deadlines.within(Date.now() + 1_000 + index, never, () => 'late');
  expect(vi.getTimerCount()).toBe(1);
});
