import { expect, test } from 'vitest';
import { giftsToAskAbout } from '../src/audit/answers.ts';
import { createWitness } from '../src/audit/witness.ts';
import { at, campaignId, counted, refused, sent, totalsAt } from './support/seen.ts';

/** A load that saw so many gifts of each end, the unknown ones last. */
function testimonyOf(ends: { counted: number; refused: number; unknown: number }) {
  const { testimony, testify } = createWitness();
  const send = (key: string) => testify(sent(key, 1n));
  for (let number = 1; number <= ends.counted; number += 1) {
    const key = `counted-${number}`;
    send(key);
    testify(counted(key, 1n, totalsAt(1n, 1n, 1n)));
  }
  for (let number = 1; number <= ends.refused; number += 1) {
    send(`refused-${number}`);
    testify(refused(`refused-${number}`, 'NOT_LIVE'));
  }
  for (let number = 1; number <= ends.unknown; number += 1) send(`unknown-${number}`);
  return testimony;
}

function askedOf(ends: Parameters<typeof testimonyOf>[0]) {
  const { gifts, leftOut } = giftsToAskAbout(testimonyOf(ends));
  const byEnd = Map.groupBy(gifts, ({ key }) => key.split('-')[0] ?? '');
  return { asked: Object.fromEntries([...byEnd].map(([end, all]) => [end, all.length])), leftOut };
}

test('the graph is asked about every gift whose end is not known, about those refused, and about some acknowledged', () => {
  expect(askedOf({ counted: 900, refused: 30, unknown: 20 })).toEqual({
    asked: { unknown: 20, counted: 200, refused: 30 },
    leftOut: 0,
  });
});

test('the acknowledged gifts that it is asked about are from the whole run, the same ones whenever it is judged', () => {
  const testimony = testimonyOf({ counted: 900, refused: 0, unknown: 0 });
  const numbers = giftsToAskAbout(testimony).gifts.map(({ key }) => Number(key.split('-')[1]));
  const tenths = Map.groupBy(numbers, (number) => Math.ceil(number / 90));
  expect([...tenths].map(([tenth, all]) => [tenth, all.length])).toEqual(
    Array.from({ length: 10 }, (_each, index) => [index + 1, 20]),
  );
  expect(giftsToAskAbout(testimony).gifts.map(({ key }) => Number(key.split('-')[1]))).toEqual(numbers);
});

test('a gift that was only turned away has a known end', () => {
  const { testimony, testify } = createWitness();
  testify(sent('k', 1n));
  expect(giftsToAskAbout(testimony).gifts).toHaveLength(1);
  for (let number = 1; number <= 6_000; number += 1) {
    testify(sent(`away-${number}`, 1n));
    testify({ kind: 'turnedAway', at, key: `away-${number}`, campaignId });
  }
  testify(sent('last', 1n));
  const asked = giftsToAskAbout(testimony).gifts.map(({ key }) => key);
  expect(asked.slice(0, 2)).toEqual(['k', 'last']);
  expect(asked).toHaveLength(5_000);
});

test('where there are too many to ask about, the unknown come first, and it is told how many are left out', () => {
  expect(askedOf({ counted: 900, refused: 6_000, unknown: 4_000 })).toEqual({
    asked: { unknown: 4_000, counted: 200, refused: 800 },
    leftOut: 5_200,
  });
  expect(askedOf({ counted: 900, refused: 10, unknown: 7_000 })).toEqual({
    asked: { unknown: 5_000 },
    leftOut: 2_010,
  });
});
