import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startHangingProcess } from './support/hanging-process.ts';
import { createTestHopClient, type TestHopClient } from './support/hop-client.ts';
import { startRawServer } from './support/raw-server.ts';
import { hello, key, kindOf, startMoodyProcess, startShop } from './support/shop-processes.ts';

async function failFiveTimes(client: TestHopClient): Promise<void> {
  for (let round = 0; round < 5; round += 1) expect(await kindOf(client.ask())).toBe('unavailable');
}

describe('a process that fails at its work', () => {
  test('gets no more of it, and serves again after a trial that goes well', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key });
    await failFiveTimes(client);
    expect(await client.takesWork(url)).toBe(false);
    expect(await kindOf(client.ask())).toBe('unavailable');
    expect(mood.operations).toBe(5);
    mood.status = 200;
    await expect.poll(() => kindOf(client.ask()), { timeout: 5_000 }).toBe('answered');
    expect(await client.takesWork(url)).toBe(true);
    expect(mood.operations).toBe(6);
  });

  test('has one trial at a time, and rests again when that fails', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key });
    await failFiveTimes(client);
    await expect
      .poll(
        async () => {
          await Promise.all(Array.from({ length: 3 }, () => kindOf(client.ask())));
          return mood.operations;
        },
        { timeout: 5_000, interval: 5 },
      )
      // The three travel as one hop, which is the trial.
      .toBe(6);
    expect(await kindOf(client.ask())).toBe('unavailable');
    expect(mood.operations).toBe(6);
  });

  test('has no second trial, though what failed elsewhere has nowhere else to go', async () => {
    const [failing, other] = await Promise.all([startMoodyProcess(), startMoodyProcess()]);
    other.mood.status = 200;
    const client = await createTestHopClient([failing.url, other.url], { key });
    for (let round = 0; round < 10; round += 1) await kindOf(client.ask());
    expect(await client.takesWork(failing.url)).toBe(false);
    await expect
      .poll(() => client.said, { timeout: 5_000 })
      .toContain('a process of a subgraph gets a trial');
    const decision = Promise.withResolvers<void>();
    failing.mood.hold = decision.promise;
    const trial = kindOf(client.ask());
    await expect.poll(() => failing.mood.operations).toBe(6);
    other.mood.status = 500;
    expect(await kindOf(client.ask({ canRepeat: true }))).toBe('unavailable');
    expect(failing.mood.operations).toBe(6);
    decision.resolve();
    expect(await trial).toBe('unavailable');
  });

  test('rests no longer because much was under way when it failed', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key, maxConnections: 50 });
    const failing = Promise.withResolvers<void>();
    mood.hold = failing.promise;
    const sent: Promise<string>[] = [];
    for (let hop = 1; hop <= 50; hop += 1) {
      sent.push(kindOf(client.ask()));
      await expect.poll(() => mood.operations, { interval: 1 }).toBe(hop);
    }
    failing.resolve();
    expect(await Promise.all(sent)).toEqual(sent.map(() => 'unavailable'));
    expect(await client.takesWork(url)).toBe(false);
    mood.status = 200;
    // The first rest is a quarter of a second; the longest, after many failed trials, four seconds.
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 1_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await expect
      .poll(() => client.said, { timeout: 2_000 })
      .toContain('a process of a subgraph gets a trial');
    expect(await kindOf(client.ask())).toBe('answered');
  });

  test('is not one that failed now and then, with answers between', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key });
    for (let round = 0; round < 12; round += 1) {
      mood.status = round % 4 === 3 ? 200 : 500;
      await kindOf(client.ask());
    }
    expect(await client.takesWork(url)).toBe(true);
    expect(mood.operations).toBe(12);
  });
});

test('a subgraph whose only process hangs is not asked any longer: operations fail at once instead of at their deadline', async () => {
  const hanging = await startHangingProcess();
  const client = await createTestHopClient([hanging.url], { key });
  const swallowed = kindOf(client.ask({ deadlineAtMs: Date.now() + 8_000 }));
  await expect.poll(() => client.takesWork(hanging.url), { timeout: 10_000 }).toBe(false);
  expect(await kindOf(client.ask())).toBe('unavailable');
  expect(await swallowed).toBe('late');
});

test('a pause in which a process answers nobody is not taken for its end', async () => {
  const probes = { count: 0 };
  const url = await startRawServer((request, response) => {
    if (request.url === '/graphql') return void response.end(JSON.stringify(hello));
    probes.count += 1;
    if (probes.count > 1) response.end('{"status":"live"}');
  });
  const client = await createTestHopClient([url], { key });
  await expect.poll(() => probes.count, { timeout: 10_000 }).toBeGreaterThan(2);
  expect(client.said).toEqual([]);
  expect(await client.ask()).toEqual(hello);
});

test('an outage under load is told of once when it begins and once when it ends', async () => {
  const shop = await startShop();
  const client = await createTestHopClient([shop.url], { key });
  await shop.stop();
  for (let round = 0; round < 20; round += 1)
    await Promise.all(Array.from({ length: 10 }, () => kindOf(client.ask())));
  const back = await startShop(Number(new URL(shop.url).port));
  await expect.poll(() => kindOf(client.ask()), { timeout: 10_000 }).toBe('answered');
  expect(client.said).toEqual([
    'a process of a subgraph cannot be reached',
    'a process of a subgraph is back',
  ]);
  expect(back.operations.length).toBeGreaterThan(0);
});

describe('a pool that is full', () => {
  test('of operations that wait says so at once', async () => {
    const shop = await startShop();
    const client = await createTestHopClient([shop.url], { key, maxWaitingOperations: 2 });
    const waiting = [client.ask({ query: '{ slow }' }), client.ask({ query: '{ slow }' })];
    expect(await kindOf(client.ask())).toBe('overloaded');
    shop.stage.slow.resolve('at last');
    await Promise.all(waiting);
    expect(await client.ask()).toEqual(hello);
  });

  test('of hops under way gathers what comes, and sends it as one when a hop is over', async () => {
    const shop = await startShop();
    const client = await createTestHopClient([shop.url], { key, maxConnections: 1 });
    const first = client.ask({ query: '{ slow }' });
    await expect.poll(() => shop.operations.length).toBe(1);
    const others = [client.ask(), client.ask(), client.ask()];
    const late = client.ask({ deadlineAtMs: Date.now() + 20 });
    expect(await kindOf(late)).toBe('late');
    expect(shop.operations).toHaveLength(1);
    shop.stage.slow.resolve('at last');
    expect(await first).toEqual({ data: { slow: 'at last' } });
    expect(await Promise.all(others)).toEqual([hello, hello, hello]);
    expect(await client.metric('banyan_edge_hop_operations')).toMatch(/_count\{.*\} 2$/m);
  });
});
