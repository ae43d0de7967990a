import { describe, expect, test } from 'vitest';
import { legsOf, planFaults, renderPlan } from '../src/faults/plan.ts';
import { planKills, repertoire, repertoireFor } from '../src/faults/repertoire.ts';

const options = { seed: '7', rounds: 2 * repertoire.length, roundMs: 6_000 };

describe('a plan of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planFaults(options)).toEqual(planFaults(options));
    expect(renderPlan(planFaults(options))).not.toEqual(renderPlan(planFaults({ ...options, seed: '8' })));
  });

  test('meets every kind before one comes again', () => {
    const names = planFaults(options).map(({ kind }) => kind.name);
    const all = repertoire.map(({ name }) => name).toSorted();
    expect(names.slice(0, all.length).toSorted()).toEqual(all);
    expect(names.slice(all.length).toSorted()).toEqual(all);
  });

  test('has one fault in each round, with time to recover in it', () => {
    for (const [round, { atMs, forMs }] of planFaults(options).entries()) {
      expect(atMs).toBeGreaterThanOrEqual(round * options.roundMs);
      expect(atMs + forMs).toBeLessThan((round + 1) * options.roundMs);
    }
  });

  test('is cut into parts that begin anew, after a while of load without a fault', () => {
    const faults = planFaults({ ...options, rounds: 7 });
    const legs = legsOf(faults, { roundsPerLeg: 5, roundMs: options.roundMs, marginMs: 3_000 });
    expect(legs.map((leg) => leg.length)).toEqual([5, 2]);
    expect(legs.flat().map(({ kind }) => kind)).toEqual(faults.map(({ kind }) => kind));
    for (const { atMs } of legs.flatMap((leg) => leg.slice(0, 1))) {
      expect(atMs).toBeGreaterThanOrEqual(3_000);
      expect(atMs).toBeLessThan(9_000);
    }
  });
});

test('the three kills of a surge come one after the other within it', () => {
  expect(planKills(10).map(({ kind, atMs }) => `${atMs} ${kind.name}`)).toEqual([
    '3000 kill gateway',
    '5000 kill campaigns',
    '7000 kill postgres',
  ]);
});

test('what can befall campaigns can befall each of its further processes', () => {
  const names = repertoireFor({ campaigns: 2, gifts: 1 }).map(({ name }) => name);
  for (const victim of ['campaigns', 'campaigns-2', 'gifts-1']) {
    expect(names).toEqual(
      expect.arrayContaining([`kill ${victim}`, `freeze ${victim}`, `restart ${victim}`]),
    );
  }
});
