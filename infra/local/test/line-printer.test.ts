import { expect, test } from 'vitest';
import { createLinePrinter, shorten } from '../src/line-printer.ts';

test('a JSON log line becomes its message and what it adds', () => {
  const line = { level: 30, time: '2026-01-01', service: 'users', msg: 'listening', url: 'http://x', ms: 5 };
  expect(shorten(JSON.stringify(line))).toBe('listening url=http://x ms=5');
});

test('an error shows its kind and message, without its stack', () => {
  const line = {
    level: 50,
    msg: 'a request failed',
    err: { type: 'TypeError', message: 'no', stack: 'at x' },
  };
  expect(shorten(JSON.stringify(line))).toBe('ERROR a request failed (TypeError: no)');
});

test('a line that is no JSON stays as it is', () => {
  expect(shorten('{ not json')).toBe('{ not json');
});

test('every line carries the name of its program; the daily work of PostgreSQL is left out', () => {
  let text = '';
  const print = createLinePrinter((part) => (text += part), false);
  print('users', '{"level":40,"msg":"slow"}');
  print('postgres', '2026-01-01 UTC [1] LOG:  checkpoint starting: time');
  print('postgres', '2026-01-01 UTC [1] FATAL:  out of memory');
  expect(text).toBe('users     warn slow\npostgres  2026-01-01 UTC [1] FATAL:  out of memory\n');
});
