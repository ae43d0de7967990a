import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLimiter, createRedis, createWakeUps, versionedCache } from '../src/cache/cache.ts';
import type { RedisConnection } from '../src/cache/cache.ts';
import { findFreePort, startRedis } from '../src/embedded/embedded.ts';
import { describeWithRedis, testRedis } from '../src/testing/testing.ts';

const log = pino({ level: 'silent' });
const open: RedisConnection[] = [];

function connectTo(url: string | undefined): RedisConnection {
  const redis = createRedis({ url, log, timeoutMs: 500 });
  open.push(redis);
  return redis;
}

async function connectReady(url: string): Promise<RedisConnection> {
  const redis = connectTo(url);
  await expect.poll(() => redis.ready).toBe(true);
  return redis;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (redis) => redis.close()));
});

function totals(redis: RedisConnection) {
  const parse = (json: unknown) => {
    if (typeof json !== 'object' || json === null || !('raised' in json)) throw new Error('no totals');
    return { raised: String(json.raised) };
  };
  return versionedCache({ redis, prefix: 'totals:', ttlSeconds: 60, parse });
}

describeWithRedis('a versioned copy', () => {
  test('is replaced by a newer version, never by an older one, however long the number', async () => {
    const cache = totals(await connectReady(await testRedis()));
    expect(await cache.get('c1')).toBeNull();
    const versions = [2n, 10n, 9n, 9_007_199_254_740_993n, 9_007_199_254_740_992n, 10n];
    const held: bigint[] = [];
    for (const version of versions) {
      await cache.set('c1', version, { raised: `${version}` });
      const copy = await cache.get('c1');
      expect(copy?.value.raised).toBe(`${copy?.version}`);
      held.push(copy?.version ?? -1n);
    }
    expect(held).toEqual([
      2n,
      10n,
      10n,
      9_007_199_254_740_993n,
      9_007_199_254_740_993n,
      9_007_199_254_740_993n,
    ]);
  });

  test('of another shape is a miss', async () => {
    const redis = await connectReady(await testRedis());
    const other = versionedCache({ redis, prefix: 'totals:', ttlSeconds: 60, parse: (json) => json });
    await other.set('c2', 1n, ['something else']);
    expect(await totals(redis).get('c2')).toBeNull();
  });
});

describeWithRedis('wake-ups', () => {
  test('reach every listener of every process once', async () => {
    const url = await testRedis();
    const [here, there] = [await connectReady(url), await connectReady(url)].map((redis) =>
      createWakeUps({ redis, channel: 'outbox' }),
    );
    const heardHere = vi.fn<() => void>();
    const heardThere = vi.fn<() => void>();
    here?.listen(heardHere);
    there?.listen(heardThere);
    // The first ring may come before the subscription stands.
    await expect
      .poll(() => {
        here?.ring();
        return heardThere.mock.calls.length;
      })
      .toBeGreaterThan(0);
    expect(heardHere.mock.calls.length).toBeGreaterThanOrEqual(heardThere.mock.calls.length);
  });
});

describe('without Redis', () => {
  test('reads miss, writes do nothing, wake-ups stay in the process', async () => {
    for (const url of [undefined, `redis://127.0.0.1:${await findFreePort()}`]) {
      const redis = connectTo(url);
      const cache = totals(redis);
      await cache.set('c1', 1n, { raised: '1' });
      expect(await cache.get('c1')).toBeNull();
      expect(redis.ready).toBe(false);
      const heard = vi.fn<() => void>();
      const wakeUps = createWakeUps({ redis, channel: 'outbox' });
      const silence = wakeUps.listen(heard);
      wakeUps.ring();
      silence();
      wakeUps.ring();
      expect(heard).toHaveBeenCalledTimes(1);
    }
  });

  test('a limit still holds', async () => {
    const limiter = createLimiter({
      redis: connectTo(undefined),
      prefix: 'l:',
      maxAttempts: 2,
      windowSeconds: 60,
    });
    const answers = [await limiter.attempt('a'), await limiter.attempt('a'), await limiter.attempt('a')];
    expect(answers.map((each) => each.allowed)).toEqual([true, true, false]);
    expect(answers[2]?.retryAfterSeconds).toBe(60);
    expect((await limiter.attempt('b')).allowed).toBe(true);
    await limiter.forget('a');
    expect((await limiter.attempt('a')).remaining).toBe(1);
  });
});

describeWithRedis('a limit', () => {
  test('is shared by all processes, and its keys cannot be read', async () => {
    const url = await testRedis();
    const limiters = [await connectReady(url), await connectReady(url)].map((redis) =>
      createLimiter({ redis, prefix: 'l:', maxAttempts: 3, windowSeconds: 60 }),
    );
    const allowed: boolean[] = [];
    for (let round = 0; round < 2; round += 1) {
      for (const limiter of limiters) allowed.push((await limiter.attempt('+86 138')).allowed);
    }
    expect(allowed).toEqual([true, true, true, false]);
    expect(await open[0]?.get('l:+86 138')).toBeNull();
  });
});

describeWithRedis('when Redis goes and comes back', () => {
  test('nothing is thrown, and copies and wake-ups work again by themselves', async () => {
    const port = await findFreePort();
    const first = await startRedis({ port });
    if (first.kind === 'missing') throw new Error(first.message);
    const redis = await connectReady(first.url);
    const cache = totals(redis);
    const heard = vi.fn<() => void>();
    createWakeUps({ redis, channel: 'outbox' }).listen(heard);
    await cache.set('c1', 5n, { raised: '5' });
    await first.stop();
    await expect.poll(() => redis.ready).toBe(false);
    expect(await cache.get('c1')).toBeNull();
    await cache.set('c1', 6n, { raised: '6' });

    const second = await startRedis({ port });
    if (second.kind === 'missing') throw new Error(second.message);
    await expect.poll(() => redis.ready, { timeout: 10_000 }).toBe(true);
    await cache.set('c1', 7n, { raised: '7' });
    expect(await cache.get('c1')).toEqual({ version: 7n, value: { raised: '7' } });
    const other = createWakeUps({ redis: await connectReady(second.url), channel: 'outbox' });
    await expect
      .poll(
        () => {
          other.ring();
          return heard.mock.calls.length;
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
    await second.stop();
  });

  test('a Redis that hangs costs one short wait, then none', async () => {
    const server = await startRedis();
    if (server.kind === 'missing') throw new Error(server.message);
    const redis = await connectReady(server.url);
    process.kill(server.pid, 'SIGSTOP');
    expect(await redis.get('x')).toBeNull();
    expect(redis.ready).toBe(false);
    process.kill(server.pid, 'SIGCONT');
    await expect.poll(() => redis.ready, { timeout: 5_000 }).toBe(true);
    await server.stop();
  });

  test('a Redis that hangs is told of once when it begins and once when it ends', async () => {
    const server = await startRedis();
    if (server.kind === 'missing') throw new Error(server.message);
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) };
    const redis = createRedis({ url: server.url, log: pino({ level: 'info' }, destination), timeoutMs: 50 });
    open.push(redis);
    await expect.poll(() => redis.ready).toBe(true);
    process.kill(server.pid, 'SIGSTOP');
    await Promise.all([redis.get('a'), redis.get('b'), redis.get('c')]);
    // Asked once more while it hangs, when the second is over for which nobody waits.
    await expect.poll(() => redis.ready, { timeout: 5_000 }).toBe(true);
    await redis.get('d');
    process.kill(server.pid, 'SIGCONT');
    const lastLine = async () => {
      await redis.get('e');
      return lines.at(-1);
    };
    await expect.poll(lastLine, { timeout: 10_000 }).toBe('Redis answers again');
    expect(lines).toEqual(['Redis does not answer; going on without it', 'Redis answers again']);
    await server.stop();
  });
});
