import { describe, expect, test } from 'vitest';
import { compare } from '../src/audit/compare.ts';
import { createWitness } from '../src/audit/witness.ts';
import type { FaultMark } from '../src/faults/conduct.ts';
import { unmetDemands, type JudgedPart } from '../src/faults/demands.ts';
import { judgeFaults } from '../src/faults/judge-faults.ts';
import { planFaults } from '../src/faults/plan.ts';
import { repertoire, type Infliction, type PlannedFault } from '../src/faults/repertoire.ts';
import { renderSummary } from '../src/faults/summary.ts';
import { headlineOf } from '../src/report/text.ts';

const plan = planFaults({ seed: '7', rounds: repertoire.length, roundMs: 6_000 });

function markOf(fault: PlannedFault, infliction: Infliction, change: Partial<FaultMark> = {}): FaultMark {
  const { atMs } = fault;
  const isOfDatabase = /postgres|fill/.test(fault.kind.name);
  return {
    fault,
    atMs,
    inEffectMs: atMs,
    endMs: atMs,
    infliction,
    recoveredAfterMs: 900,
    silenceMs: 500,
    databaseAfterMs: isOfDatabase ? 400 : null,
    giftsAfterDatabaseMs: isOfDatabase ? 500 : null,
    ...change,
  };
}

/** A part in which so many gifts were given, each sent `copies` times on average, and one of them asked about. */
function partOf(marks: readonly FaultMark[], { gifts = 10, requests = 20 } = {}): JudgedPart {
  const { testimony, testify } = createWitness();
  const at = 0;
  const campaignId = 'cmp_1';
  const totals = { version: 1n, raised: 1n, count: 1n };
  const told = { campaignId, amount: 1n, totals, ms: 1, sinceMs: 1, reader: null };
  for (let number = 0; number < requests; number += 1) {
    const key = `run-${number % gifts}`;
    testify({ kind: 'sent', at, key, campaignId, amount: 1n, donor: null });
    testify({ kind: 'counted', at, key, donationId: `don_${key}`, ...told });
    testify({ kind: 'counted', at, key, donationId: `don_${key}`, ...told, isQuestion: true });
  }
  const verdict = compare({
    testimony,
    books: {
      gifts: [...testimony.gifts.values()].map(({ key }) => ({
        key,
        campaignId,
        donationId: `don_${key}`,
        amount: 1n,
        version: 1n,
        legs: 2,
        balance: 0n,
        credited: 1n,
      })),
      totals: new Map(),
      intents: [],
      unbegun: [],
      facts: [],
      closings: new Map(),
      knownKeys: new Set(),
    },
    graph: new Map(),
    versionsAfter: new Map(),
    answers: new Map(),
    unasked: 0,
    toBeEnded: [],
    suspenseReasons: [],
    provider: null,
  });
  return { verdict, testimony, marks };
}

const allDone = plan.map((fault) => markOf(fault, 'done'));
const changed = (name: string, change: (mark: FaultMark) => FaultMark) =>
  allDone.map((mark) => (mark.fault.kind.name === name ? change(mark) : mark));
const unmet = (marks: readonly FaultMark[], gifts?: Parameters<typeof partOf>[1]) =>
  unmetDemands(plan, [partOf(marks, gifts)]);

test('a run in which every fault was met, half of the gifts were repeats and gifts soon flowed has met all demands', () => {
  expect(unmet(allDone)).toEqual([]);
  expect(renderSummary('7', plan, [partOf(allDone)])).toContain(`PROVEN over ${plan.length} faults (seed 7)`);
});

test('the report of a run begins with what is wrong: differences, else demands that were not met', () => {
  const proven = partOf(allDone);
  const lost = {
    verdict: { ...proven.verdict, findings: [{ fault: 'LOST', subject: 'k', detail: '' } as const] },
  };
  expect(headlineOf([proven, proven], [])).toMatch(/^PROVEN/);
  expect(headlineOf([proven, proven], ['never met: kill redis'])).toBe('FAILED: never met: kill redis.');
  expect(headlineOf([proven, lost], ['never met: kill redis'])).toBe('FAILED: 1 differences.');
});

describe('a fault run fails', () => {
  test('when too few of the requests to give were repeats; questions what became of a gift are none', () => {
    expect(unmet(allDone, { gifts: 17, requests: 20 })).toEqual([
      '15 % of the requests to give were repeats, and at least 20 % are demanded',
    ]);
    expect(unmet(allDone, { gifts: 16, requests: 20 })).toEqual([]);
  });

  test('when a kind of fault was never carried out, and names it', () => {
    const marks = changed('kill redis', (mark) => ({ ...mark, infliction: 'not there' })).filter(
      ({ fault }) => fault.kind.name !== 'fill wal',
    );
    const [line, ...others] = unmet(marks);
    expect(line).toMatch(/^never met: (kill redis, fill wal|fill wal, kill redis)$/);
    expect(others).toEqual([]);
    expect(renderSummary('7', plan, [partOf(marks)])).toMatch(/^\nFAILED \(seed 7\): .*never met/);
  });

  test('when gifts took too long after PostgreSQL accepted connections', () => {
    const slow = (change: Partial<FaultMark>) =>
      unmet(changed('kill postgres', (mark) => ({ ...mark, ...change })));
    expect(slow({ giftsAfterDatabaseMs: 5_000 })).toEqual([]);
    expect(slow({ giftsAfterDatabaseMs: 5_100 })).toEqual([
      'after kill postgres gifts took 5.1 s from when PostgreSQL accepted connections, and 5 s are demanded',
    ]);
    expect(slow({ giftsAfterDatabaseMs: null, recoveredAfterMs: null })).toEqual([
      'after kill postgres no gift was acknowledged any more',
    ]);
    expect(slow({ databaseAfterMs: null, giftsAfterDatabaseMs: null })).toEqual([
      'after kill postgres PostgreSQL did not accept connections within a minute',
    ]);
  });

  test('when no gift came any more once PostgreSQL was back, whatever was acknowledged before', () => {
    const [last] = plan.filter(({ kind }) => kind.name === 'kill postgres');
    if (last === undefined) throw new Error('PostgreSQL is killed');
    const mark = markOf(last, 'done', { recoveredAfterMs: 9, giftsAfterDatabaseMs: null });
    expect(unmetDemands([last], [partOf([mark])])).toEqual([
      'after kill postgres no gift was acknowledged any more',
    ]);
  });

  test('when the next fault came before gifts flowed, and later than they should have', () => {
    const [first, second] = plan.filter(({ kind }) => kind.name.includes('postgres'));
    if (first === undefined || second === undefined) throw new Error('PostgreSQL is broken in three ways');
    const marks = (nextAtMs: number) => [
      markOf(first, 'done', {
        atMs: 0,
        databaseAfterMs: 1_000,
        recoveredAfterMs: 9_000,
        giftsAfterDatabaseMs: null,
      }),
      markOf(second, 'done', { atMs: nextAtMs }),
    ];
    expect(unmetDemands([first, second], [partOf(marks(6_000))])).toEqual([]);
    expect(unmetDemands([first, second], [partOf(marks(6_100))])).toEqual([
      `after ${first.kind.name} gifts took more than 5.1 s from when PostgreSQL accepted connections, and 5 s are demanded`,
    ]);
  });
});

test('a planned fault that was not carried out is a finding', () => {
  const [one, other, third] = plan;
  if (one === undefined || other === undefined || third === undefined) throw new Error('a plan of three');
  const marks = [markOf(one, 'done'), markOf(other, 'without effect')];
  const named = [...judgeFaults([one, other, third], marks)].map(({ fault, subject, detail }) => [
    `${fault} ${subject}`,
    detail.replace(/^.* s, and /, ''),
  ]);
  expect(named).toEqual([
    [`NOT_CARRIED_OUT ${other.kind.name}`, 'it had no effect'],
    [`NOT_CARRIED_OUT ${third.kind.name}`, 'the load ended before'],
  ]);
});
