import { startRedis } from '@banyan/kit/embedded';
import { describeWithRedis, testRedis } from '@banyan/kit/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import { askTimes, narrow, statuses } from './support/quotas.ts';

describeWithRedis('with Redis', () => {
  test('two gateways share one budget', async () => {
    const wide = { ...narrow, REDIS_URL: await testRedis(), QUOTA_STRANGER_REQUESTS_PER_MINUTE: '30' };
    const [first, second] = [await startEdge(wide), await startEdge(wide)];
    const served = statuses(await askTimes(first, 31)).filter((status) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(30);
    // The second hears of it with its first settlement, long before it has served so many itself.
    let servedBySecond = -1;
    await expect
      .poll(
        async () => {
          servedBySecond += 1;
          return (await second.ask('{ hello }')).status;
        },
        { timeout: 10_000 },
      )
      .toBe(429);
    expect(servedBySecond).toBeLessThan(20);
  });

  test('no request fails when Redis is killed; each gateway counts by itself', async () => {
    const redis = await startRedis();
    if (redis.kind === 'missing') throw new Error(redis.message);
    onTestFinished(() => redis.stop());
    const edge = await startEdge({ ...narrow, REDIS_URL: redis.url });
    expect(statuses(await askTimes(edge, 2))).toEqual([200, 200]);
    await redis.stop();
    expect(statuses(await askTimes(edge, 4))).toEqual([200, 200, 200, 429]);
  });

  test('requests go on while Redis stands still', async () => {
    const redis = await startRedis();
    if (redis.kind === 'missing') throw new Error(redis.message);
    onTestFinished(async () => {
      process.kill(redis.pid, 'SIGCONT');
      await redis.stop();
    });
    const edge = await startEdge({ ...narrow, CACHE: 'off', REDIS_URL: redis.url });
    await askTimes(edge, 1);
    process.kill(redis.pid, 'SIGSTOP');
    expect(statuses(await askTimes(edge, 5))).toEqual([200, 200, 200, 200, 429]);
  });
});
