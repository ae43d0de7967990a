import { describe, expect, test } from 'vitest';
import type { FaultMark } from '../src/faults/conduct.ts';
import { watchRecoveries } from '../src/faults/recovery.ts';
import { planKills } from '../src/faults/repertoire.ts';
import type { Observation } from '../src/observations.ts';

const [fault] = planKills(10);
if (fault === undefined) throw new Error('there is a first kill');

function markAt(atMs: number): FaultMark {
  if (fault === undefined) throw new Error('there is a first kill');
  return {
    fault,
    atMs,
    inEffectMs: atMs,
    endMs: atMs,
    infliction: 'done',
    recoveredAfterMs: null,
    silenceMs: 0,
    databaseAfterMs: null,
    giftsAfterDatabaseMs: null,
  };
}

function counted(at: number, ms: number): Observation {
  const totals = { version: 1n, raised: 1n, count: 1n };
  const gift = { key: 'k', campaignId: 'c', amount: 1n, donationId: 'd', reader: null };
  return { kind: 'counted', at, ...gift, totals, ms, sinceMs: ms };
}

function recoveriesOf(marks: FaultMark[], observations: readonly Observation[]): FaultMark[] {
  const recoveries = watchRecoveries(marks);
  for (const seen of observations) recoveries.note(seen);
  recoveries.finish();
  return marks;
}

test('gifts flow again with the first that was sent after the fault; those under way before do not count', () => {
  const marks = recoveriesOf([markAt(1_000)], [counted(1_050, 200), counted(3_500, 400), counted(3_600, 10)]);
  expect(marks).toMatchObject([{ recoveredAfterMs: 2_500, silenceMs: 2_450 }]);
});

test('a gift that slipped in before the fault took effect is no recovery', () => {
  const mark = { ...markAt(1_000), inEffectMs: 1_040 };
  expect(recoveriesOf([mark], [counted(1_045, 20), counted(3_500, 400)])).toMatchObject([
    { recoveredAfterMs: 2_500 },
  ]);
});

test('a gift that was only asked about has not flowed', () => {
  const question = { ...counted(1_100, 10), isQuestion: true };
  expect(recoveriesOf([markAt(1_000)], [question, counted(3_500, 400)])).toMatchObject([
    { recoveredAfterMs: 2_500 },
  ]);
});

test('a fault that was not carried out has no recovery', () => {
  expect(recoveriesOf([{ ...markAt(1_000), inEffectMs: null }], [counted(1_200, 10)])).toMatchObject([
    { recoveredAfterMs: null },
  ]);
});

test('a fault after which nothing is acknowledged has no recovery', () => {
  expect(recoveriesOf([markAt(1_000)], [counted(900, 10)])).toMatchObject([{ recoveredAfterMs: null }]);
});

test('a silence that begins later, as after a restart in good order, is told, up to the next fault', () => {
  const seen = [counted(1_020, 10), counted(1_100, 10), counted(4_000, 10), counted(9_000, 10)];
  expect(recoveriesOf([markAt(1_000), markAt(5_000)], seen)).toMatchObject([
    { recoveredAfterMs: 20, silenceMs: 2_900 },
    { recoveredAfterMs: 4_000, silenceMs: 4_000 },
  ]);
});

test('a run of hours with hundreds of thousands of gifts between two faults is told too', () => {
  const seen = Array.from({ length: 300_000 }, (_, index) => counted(2_000 + index, 1));
  const marks = recoveriesOf([markAt(1_000), markAt(400_000)], [...seen, counted(500_000, 1)]);
  expect(marks[0]).toMatchObject({ recoveredAfterMs: 1_000, silenceMs: 98_001 });
});

describe('once PostgreSQL is back', () => {
  const backAfter = (atMs: number, databaseAfterMs: number) => ({ ...markAt(atMs), databaseAfterMs });

  test('the time is told until a gift is acknowledged that was sent after the fault', () => {
    const seen = [counted(2_600, 2_000), counted(3_300, 900)];
    expect(recoveriesOf([backAfter(1_000, 1_500)], seen)).toMatchObject([{ giftsAfterDatabaseMs: 800 }]);
  });

  test('a gift from before its return does not make up for a silence after it', () => {
    const mark = backAfter(1_000, 2_015);
    recoveriesOf([mark], [counted(1_009, 9), counted(46_000, 100)]);
    expect(mark).toMatchObject({ recoveredAfterMs: 9, giftsAfterDatabaseMs: 42_985 });
  });

  test('a gift a moment before the probe has looked is one at once', () => {
    const at = (ms: number) => recoveriesOf([backAfter(1_000, 1_500)], [counted(ms, 10), counted(9_000, 10)]);
    expect(at(2_400)).toMatchObject([{ giftsAfterDatabaseMs: 0 }]);
    expect(at(2_399)).toMatchObject([{ giftsAfterDatabaseMs: 6_500 }]);
  });

  test('there is none to tell when no gift came any more', () => {
    expect(recoveriesOf([backAfter(1_000, 1_500)], [counted(1_009, 9)])).toMatchObject([
      { recoveredAfterMs: 9, giftsAfterDatabaseMs: null },
    ]);
  });

  test('there is none to tell when the next fault came before', () => {
    const seen = [counted(9_000, 10)];
    expect(recoveriesOf([backAfter(1_000, 1_500), markAt(4_000)], seen)).toMatchObject([
      { recoveredAfterMs: 8_000, giftsAfterDatabaseMs: null },
      { giftsAfterDatabaseMs: null },
    ]);
  });
});
