import { expect, test } from 'vitest';
import { seedDay } from '../src/seed.ts';

test('a day begins at midnight in Shanghai', () => {
  expect(seedDay('2026-09-01').start.toISOString()).toBe('2026-08-31T16:00:00.000Z');
  expect(seedDay('2026-09-01').year).toBe(2026);
});

test('without a day it is today in Shanghai, which is ahead of London', () => {
  expect(seedDay(undefined, new Date('2026-08-31T17:00:00Z')).date(0)).toBe('2026-09-01');
});

test('instants and dates are counted from it, ahead and behind', () => {
  const day = seedDay('2026-12-31');
  expect(day.at(2, 19.5).toISOString()).toBe('2027-01-02T11:30:00.000Z');
  expect(day.date(-365)).toBe('2025-12-31');
  expect(day.date(1)).toBe('2027-01-01');
});

test.each(['2026-02-30', 'tomorrow', '2026-9-1', ''])('%j is no calendar day', (text) => {
  expect(() => seedDay(text)).toThrow(RangeError);
});
