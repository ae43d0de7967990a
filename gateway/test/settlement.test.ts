import { randomUUID } from 'node:crypto';
import { createRedis } from '@banyan/kit/cache';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { array, assert, asyncProperty, constant, integer, record, type Arbitrary } from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Bucket } from '../src/quotas/bucket.ts';
import type { Policy } from '../src/quotas/policy.ts';
import { createSettlement } from '../src/quotas/settlement.ts';
import { silent } from './support/subgraph.ts';

const gateways = 3;

/** Nothing to speak of comes back while a test runs. */
const budget: Policy = {
  name: 'cost',
  capacity: 20,
  perSecond: 1e-9,
  nextUnitSeconds: 1,
  header: '',
};

type Step = { what: 'use' | 'give back' | 'settle'; gateway: number; units: number };

const steps: Arbitrary<Step[]> = array(
  record({
    what: integer({ min: 0, max: 9 }).map((n) => (n < 6 ? 'use' : n < 7 ? 'give back' : 'settle')),
    gateway: integer({ min: 0, max: gateways - 1 }),
    units: integer({ min: 1, max: 6 }),
  }) as Arbitrary<Step>,
  { maxLength: 40 },
);

async function connect() {
  const redis = createRedis({ url: await testRedis(), log: silent, timeoutMs: 5_000 });
  onTestFinished(() => redis.close());
  await vi.waitFor(() => {
    expect(redis.ready).toBe(true);
  });
  return redis;
}

/** Gateways with one bucket each of the same caller, and what each of them has used. */
function setUp(redis: Awaited<ReturnType<typeof connect>>, nowMs: number) {
  const key = randomUUID();
  return Array.from({ length: gateways }, () => {
    const settlement = createSettlement(redis, () => nowMs);
    return { settlement, bucket: new Bucket(budget, key, nowMs), used: 0, told: 0, knownOfOthers: 0 };
  });
}

describeWithRedis('gateways that share a budget', () => {
  test('never admit more than it holds, but for what the others have not told yet, and refuse nothing that is left', async () => {
    const redis = await connect();
    await assert(
      asyncProperty(steps, async (run) => {
        const nowMs = 1_000;
        const all = setUp(redis, nowMs);
        const inAll = () => all.reduce((sum, { used }) => sum + used, 0);
        for (const { what, gateway, units } of run) {
          const one = all[gateway];
          if (one === undefined) continue;
          const use = () => {
            if (one.bucket.secondsUntil(units, nowMs) > 0) {
              expect(inAll() + units).toBeGreaterThan(budget.capacity);
              return;
            }
            one.bucket.take(units, nowMs);
            one.used += units;
            expect(one.used + one.knownOfOthers).toBeLessThanOrEqual(budget.capacity);
          };
          if (what === 'use') use();
          else if (what === 'give back') {
            const back = Math.min(units, one.used - one.told);
            one.bucket.giveBack(back, nowMs);
            one.used -= back;
          } else {
            one.settlement.note(one.bucket);
            one.told = one.used;
            const settled = one.settlement.settle();
            // Requests do not wait for the settlement that is under way.
            use();
            await settled;
            one.knownOfOthers = all.reduce((sum, other) => (other === one ? sum : sum + other.told), 0);
          }
        }
        for (const { settlement } of all) settlement.close();
      }),
      { numRuns: 100 },
    );
  });

  test('know all that was used when all have told, and nobody tells twice', async () => {
    const redis = await connect();
    await assert(
      asyncProperty(
        array(integer({ min: 0, max: 6 }), { minLength: gateways, maxLength: gateways }),
        async (uses) => {
          const all = setUp(redis, 1_000);
          for (const round of [1, 2, 3]) {
            for (const [index, { bucket, settlement }] of all.entries()) {
              if (round === 1) bucket.take(uses[index] ?? 0, 1_000);
              settlement.note(bucket);
              await settlement.settle();
            }
          }
          const left = budget.capacity - uses.reduce((sum, each) => sum + each, 0);
          expect(all.map(({ bucket }) => bucket.remaining(1_000))).toEqual(all.map(() => left));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('get back in time what was used, all of them the same', async () => {
    const redis = await connect();
    const fast: Policy = { ...budget, perSecond: 100 };
    const key = randomUUID();
    const settlement = createSettlement(redis, () => 0);
    const first = new Bucket(fast, key, 0);
    first.take(20, 0);
    settlement.note(first);
    await settlement.settle();
    expect(first.remaining(0)).toBe(0);
    await vi.waitFor(async () => {
      // A gateway whose own clock stands still sees what came back by the clock of Redis.
      const other = new Bucket(fast, key, 0);
      settlement.note(other);
      await settlement.settle();
      expect(other.remaining(0)).toBe(20);
    });
  });

  test('give nothing back when Redis loses what was used', async () => {
    const redis = await connect();
    const settlement = createSettlement(redis, () => 0);
    const bucket = new Bucket(budget, randomUUID(), 0);
    const settle = async () => {
      settlement.note(bucket);
      await settlement.settle();
    };
    bucket.take(15, 0);
    await settle();
    await redis.evaluate("return redis.call('FLUSHDB')", [], []);
    await settle();
    expect(bucket.remaining(0)).toBe(5);
  });

  test('leave nothing in Redis of a budget that is full, and no name of anybody', async () => {
    const redis = await connect();
    const settlement = createSettlement(redis, () => 0);
    const bucket = new Bucket(budget, 'address 192.0.2.7', 0);
    bucket.take(5, 0);
    settlement.note(bucket);
    await settlement.settle();
    expect(await redis.evaluate("return redis.call('KEYS', '*192*')", [], [])).toEqual([]);
    expect(await redis.evaluate("return #redis.call('KEYS', 'edge:quotas:*')", [], [])).toBe(1);
    bucket.giveBack(5, 0);
    settlement.note(bucket);
    await settlement.settle();
    expect(await redis.evaluate("return #redis.call('KEYS', 'edge:quotas:*')", [], [])).toBe(0);
  });
});

test('a budget by itself never gives more than it holds and what has come back since', async () => {
  const policy: Policy = { ...budget, perSecond: 2 };
  await assert(
    asyncProperty(
      array(record({ afterMs: integer({ min: 0, max: 3_000 }), units: integer({ min: 1, max: 8 }) })),
      constant(5_000),
      async (uses, beganAtMs) => {
        const bucket = new Bucket(policy, 'x', beganAtMs);
        let nowMs = beganAtMs;
        let used = 0;
        for (const { afterMs, units } of uses) {
          nowMs += afterMs;
          const wait = bucket.secondsUntil(units, nowMs);
          if (wait > 0) {
            // Who waits as long as is said gets it.
            if (units <= policy.capacity) expect(bucket.secondsUntil(units, nowMs + wait * 1_000)).toBe(0);
            nowMs += wait * 1_000;
          }
          bucket.take(units, nowMs);
          used += units;
          const cameBack = ((nowMs - beganAtMs) / 1_000) * policy.perSecond;
          expect(used).toBeLessThanOrEqual(policy.capacity + cameBack + 1e-6);
        }
      },
    ),
  );
});
