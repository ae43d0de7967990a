import { expect, test } from 'vitest';
import { readStartArguments } from '../src/arguments.ts';

test('without arguments: kept data, seed data, the default port', () => {
  expect(readStartArguments([], 4_000)).toEqual({
    fresh: false,
    seed: true,
    basePort: 4_000,
    processes: { campaigns: 1, gifts: 0 },
    help: false,
  });
});

test('each argument says what it changes', () => {
  const given = ['--fresh', '--port', '5000', '--no-seed', '--campaigns', '2', '--gifts', '1', '--help'];
  expect(readStartArguments(given, 4_000)).toEqual({
    fresh: true,
    seed: false,
    basePort: 5_000,
    processes: { campaigns: 2, gifts: 1 },
    help: true,
  });
});

test.each([
  [['--prot', '1'], "Unknown option '--prot'."],
  [['--port', 'abc'], '"abc" is no port.'],
  [['--campaigns', '0'], '"0" is no number of processes.'],
  [['--gifts', 'two'], '"two" is no number of processes.'],
  [['now'], "Unexpected argument 'now'."],
])('%j is answered with one line', (given, message) => {
  expect(() => readStartArguments(given, 4_000)).toThrow(message);
});
