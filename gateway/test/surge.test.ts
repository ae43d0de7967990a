import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import type { LoadPlan, Outcome } from './support/load-generator.ts';

/** Five tills that take 80 ms for each customer: 62 a second, which any machine can bear three times over. */
const capacityPerSecond = 62;
const objectiveMs = 800;
const giftsPerSecond = 20;

async function generate(plan: LoadPlan): Promise<Outcome[]> {
  const child = fork(new URL('support/load-generator.ts', import.meta.url), [JSON.stringify(plan)]);
  const [outcomes] = (await once(child, 'message')) as [Outcome[]];
  return outcomes;
}

function percentile(outcomes: readonly Outcome[], share: number): number {
  const times = outcomes.map(({ tookMs }) => tookMs).sort((left, right) => left - right);
  return times[Math.floor(times.length * share)] ?? 0;
}

test('at three times what can be done: who is let in is answered in time, the others are told at once, gifts all go through', async () => {
  const edge = await startEdge(
    { CACHE: 'off', QUOTAS: 'off', READ_OBJECTIVE_MS: String(objectiveMs) },
    { shopsForMutations: 1 },
  );
  const seconds = 8;
  const outcomes = await generate({
    url: edge.url,
    seconds,
    streams: [
      { name: 'reads', perSecond: 3 * capacityPerSecond, body: JSON.stringify({ query: '{ checkout }' }) },
      {
        name: 'gifts',
        perSecond: giftsPerSecond,
        body: JSON.stringify({ query: 'mutation { buy(itemId: "itm_1") }' }),
      },
    ],
  });
  const gifts = outcomes.filter(({ stream }) => stream === 'gifts');
  expect(gifts.filter(({ status, hasErrors }) => status !== 200 || hasErrors)).toEqual([]);
  expect(gifts.length).toBe(giftsPerSecond * seconds);

  // The first seconds are for the limit to find its value.
  const reads = outcomes.filter(
    ({ stream, sentAtMs }) => stream === 'reads' && sentAtMs > (seconds * 1_000) / 2,
  );
  const admitted = reads.filter(({ status }) => status === 200);
  const shed = reads.filter(({ status }) => status === 503);
  expect(admitted.length + shed.length).toBe(reads.length);
  expect(shed.length).toBeGreaterThan(0);
  expect(admitted.filter(({ hasErrors }) => hasErrors)).toEqual([]);
  expect(shed.filter(({ retryAfter }) => retryAfter !== '1')).toEqual([]);
  // Without limits every answer would take seconds by now, and more with each second.
  expect(percentile(admitted, 0.95)).toBeLessThan(2 * objectiveMs);
  expect(percentile(shed, 0.95)).toBeLessThan(objectiveMs);
  expect(admitted.length / (seconds / 2)).toBeGreaterThan(capacityPerSecond / 2);
}, 60_000);
