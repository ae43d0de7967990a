import { describe, expect, test } from 'vitest';
import { judgeFollowers, judgeStreams } from '../src/audit/judge-followers.ts';
import { createWitness } from '../src/audit/witness.ts';
import { placeOf } from '../src/follow/followers.ts';
import type { Observation } from '../src/observations.ts';

type Followed = Extract<Observation, { kind: 'followed' }>;
const campaignId = 'cmp_1';

/** Somebody who stays for a minute, and is told of version 5 at last. */
const followed = (change: Partial<Followed> = {}): Followed => ({
  kind: 'followed',
  at: 60_000,
  campaignId,
  reader: 'follower-1-stream-1',
  stays: true,
  openedAtMs: 0,
  told: 5n,
  isBroken: false,
  ...change,
});

const acknowledged = (at: number, version: bigint): Observation => ({
  kind: 'counted',
  at,
  key: `key-${version}`,
  campaignId,
  amount: 1n,
  donationId: `don_${version}`,
  totals: { version, raised: version, count: version },
  ms: 1,
  sinceMs: 1,
  reader: null,
});

function testimonyOf(seen: readonly Observation[], calmUntilMs?: number) {
  const { testimony, testify } = createWitness(calmUntilMs);
  for (const each of seen) testify(each);
  return testimony;
}

test('donors and strangers follow the hot campaign and the one beside it alike', () => {
  const places = (campaignIds: readonly string[]) =>
    [0, 1, 2, 3].map((number) => {
      const place = placeOf(number, campaignIds);
      return `${place.isDonor ? 'donor' : 'stranger'} ${place.campaignId}`;
    });
  expect(places(['hot', 'beside', 'further'])).toEqual([
    'donor hot',
    'stranger hot',
    'donor beside',
    'stranger beside',
  ]);
  expect(new Set(places(['hot']))).toEqual(new Set(['donor hot', 'stranger hot']));
});

describe('of who stays on a stream, the auditor', () => {
  const named = (seen: readonly Observation[], calmUntilMs?: number) =>
    [...judgeStreams(testimonyOf(seen, calmUntilMs).streams)].map(
      ({ fault, reader }) => `${fault} ${reader}`,
    );
  const old = [acknowledged(10_000, 5n), acknowledged(40_000, 6n)];
  const caught = ['STALE follower-1-stream-1'];

  test('names who was not told of a gift that had long been acknowledged, or of any', () => {
    expect(named([...old, followed()])).toEqual(caught);
    expect(named([...old, followed({ told: null })])).toEqual(caught);
    // In whichever order they were written.
    expect(named([followed(), ...old])).toEqual(caught);
  });

  test('names nobody who was told of it, or had no time to be told', () => {
    expect(named([...old, followed({ told: 6n })])).toEqual([]);
    expect(named([acknowledged(10_000, 5n), acknowledged(55_000, 6n), followed()])).toEqual([]);
    expect(named([...old, followed({ told: null, openedAtMs: 55_000 })])).toEqual([]);
    expect(named([followed({ told: null })])).toEqual([]);
  });

  test('names nobody whose stream broke or was there in a fault, or who had another turn soon', () => {
    expect(named([...old, followed({ isBroken: true })])).toEqual([]);
    expect(named([...old, followed()], 59_000)).toEqual([]);
    expect(named([...old, followed()], 61_000)).toEqual(caught);
    expect(named([...old, followed({ stays: false })])).toEqual([]);
  });
});

test('followers of whom one kind was told nothing have not shown that live totals are true', () => {
  const named = (followers: number, ...seen: Followed[]) =>
    [...judgeFollowers(followers, testimonyOf(seen))].map(({ fault, detail }) => `${fault}: ${detail}`);
  const donors = followed({ stays: false });
  const unshown = (who: string) =>
    `NOT_CARRIED_OUT: 5 people ${who} followed live totals, and none of them was told any`;
  expect(named(10)).toEqual([unshown('who give'), unshown('who stay')]);
  expect(named(10, donors)).toEqual([unshown('who stay')]);
  expect(named(10, donors, followed({ told: null }))).toEqual([unshown('who stay')]);
  expect(named(10, followed())).toEqual([unshown('who give')]);
  expect(named(10, donors, followed())).toEqual([]);
  expect(named(0)).toEqual([]);
});
