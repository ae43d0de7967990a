import { describe, expect, test } from 'vitest';
import { Presence } from '../src/http/presence.ts';
import { createRetryBudget } from '../src/hop/retry-budget.ts';
import { startHangingProcess } from './support/hanging-process.ts';
import { createTestHopClient } from './support/hop-client.ts';
import { startRawServer } from './support/raw-server.ts';
import { hello, key, kindOf, startMoodyProcess, startShop } from './support/shop-processes.ts';

describe('a read that failed in one process', () => {
  test('is asked of another, once', async () => {
    const [{ mood, url }, shop] = await Promise.all([startMoodyProcess(), startShop()]);
    const client = await createTestHopClient([url, shop.url], { key });
    for (let round = 0; round < 4; round += 1) expect(await client.ask({ canRepeat: true })).toEqual(hello);
    expect(mood.operations).toBeGreaterThan(0);
    expect(shop.operations).toHaveLength(4);
    expect(await client.metric('banyan_edge_retries_total')).toContain(
      `outcome="sent",service="test"} ${mood.operations}`,
    );
  });

  test('fails where the other fails too', async () => {
    const processes = await Promise.all([startMoodyProcess(), startMoodyProcess(), startMoodyProcess()]);
    const client = await createTestHopClient(
      processes.map(({ url }) => url),
      { key },
    );
    expect(await kindOf(client.ask({ canRepeat: true }))).toBe('unavailable');
    expect(processes.reduce((sum, { mood }) => sum + mood.operations, 0)).toBe(2);
  });

  test('is not counted as asked again where there is no other process', async () => {
    const { mood, url } = await startMoodyProcess();
    const client = await createTestHopClient([url], { key });
    expect(await kindOf(client.ask({ canRepeat: true }))).toBe('unavailable');
    expect(mood.operations).toBe(1);
    expect(await client.metric('banyan_edge_retries_total')).not.toContain('outcome=');
  });

  test('is not asked again when that would come too late', async () => {
    const [moody, other] = await Promise.all([startMoodyProcess(), startMoodyProcess()]);
    other.mood.status = 500;
    const client = await createTestHopClient([moody.url, other.url], { key });
    expect(await kindOf(client.ask({ canRepeat: true, deadlineAtMs: Date.now() + 45 }))).not.toBe('answered');
    expect(moody.mood.operations + other.mood.operations).toBeLessThanOrEqual(1);
  });

  test('is asked of another when its process hangs', async () => {
    const [hanging, shop] = await Promise.all([startHangingProcess(), startShop()]);
    const client = await createTestHopClient([shop.url, hanging.url], { key });
    const asked = Array.from({ length: 3 }, async () =>
      client.ask({ canRepeat: true, deadlineAtMs: Date.now() + 10_000 }),
    );
    await new Promise(setImmediate);
    asked.push(client.ask({ canRepeat: true, deadlineAtMs: Date.now() + 10_000 }));
    expect(await Promise.all(asked)).toEqual(asked.map(() => hello));
    expect(hanging.wasAsked).toBe(true);
  });
});

describe('a read that two processes are asked for, since the first hangs', () => {
  /** Says nothing, not even that it lives, until it wakes up. */
  async function startSleepingProcess(status = 200) {
    const sleep = Promise.withResolvers<void>();
    const sleeping = { operations: 0, wakeUp: sleep.resolve };
    const url = await startRawServer((request, response) => {
      if (request.url === '/graphql') sleeping.operations += 1;
      void sleep.promise.then(() => response.writeHead(status).end(JSON.stringify(hello)));
    });
    return { url, sleeping };
  }

  test('has the answer of the first where the second fails', async () => {
    const [{ mood, url }, first] = await Promise.all([startMoodyProcess(), startSleepingProcess()]);
    const client = await createTestHopClient([url, first.url], { key });
    const answer = client.ask({ canRepeat: true });
    await expect.poll(() => first.sleeping.operations).toBe(1);
    await expect.poll(() => mood.operations, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => client.metric('banyan_edge_hops_total')).toContain('outcome="failed"');
    first.sleeping.wakeUp();
    expect(await answer).toEqual(hello);
  });

  test('has the answer of the second where the first fails after all', async () => {
    const [{ mood, url }, first] = await Promise.all([startMoodyProcess(), startSleepingProcess(500)]);
    const second = Promise.withResolvers<void>();
    mood.hold = second.promise;
    mood.status = 200;
    const client = await createTestHopClient([url, first.url], { key });
    const answer = client.ask({ canRepeat: true });
    await expect.poll(() => mood.operations, { timeout: 10_000 }).toBe(1);
    first.sleeping.wakeUp();
    await expect.poll(() => client.metric('banyan_edge_hops_total')).toContain('outcome="failed"');
    second.resolve();
    expect(await answer).toEqual(hello);
  });

  test('ends in both when all who wait for it have gone, and not before', async () => {
    const [shop, first] = await Promise.all([startShop(), startSleepingProcess()]);
    const client = await createTestHopClient([shop.url, first.url], { key });
    const presences = [new Presence(), new Presence()];
    const ends = presences.map((presence) =>
      kindOf(client.ask({ canRepeat: true, query: '{ hangs }', presence })),
    );
    await expect.poll(() => shop.operations.length, { timeout: 10_000 }).toBe(1);
    presences[0]?.leave();
    expect(await ends[0]).toBe('abandoned');
    expect(await client.ask()).toEqual(hello);
    expect(shop.abandoned).toBe(0);
    presences[1]?.leave();
    expect(await ends[1]).toBe('abandoned');
    await expect.poll(() => shop.abandoned).toBe(1);
    await expect
      .poll(() => client.metric('banyan_edge_hops_total'))
      .toMatch(new RegExp(`process="${new URL(first.url).host}",outcome="abandoned"`));
    expect([first.sleeping.operations, shop.operations.length]).toEqual([1, 2]);
  });

  test('fails where both do', async () => {
    const [{ mood, url }, first] = await Promise.all([startMoodyProcess(), startSleepingProcess(500)]);
    const client = await createTestHopClient([url, first.url], { key });
    const end = kindOf(client.ask({ canRepeat: true }));
    await expect.poll(() => mood.operations, { timeout: 10_000 }).toBe(1);
    first.sleeping.wakeUp();
    expect(await end).toBe('unavailable');
  });
});

test('a mutation that failed after it was sent is asked of nobody else: it may have run', async () => {
  const [{ mood, url }, shop] = await Promise.all([startMoodyProcess(), startShop()]);
  const client = await createTestHopClient([url, shop.url], { key });
  const query = 'mutation { buy(itemId: "itm_1") }';
  const ends = [await kindOf(client.ask({ query })), await kindOf(client.ask({ query }))];
  expect(ends.toSorted()).toEqual(['answered', 'unavailable']);
  expect(mood.operations).toBe(1);
  expect(shop.operations).toHaveLength(1);
});

describe('the budget of repetitions', () => {
  test('is a tenth of what is sent, and one a second', () => {
    let nowMs = 0;
    const budget = createRetryBudget(0.1, () => nowMs);
    const spend = () => {
      let repeated = 0;
      while (budget.withdraw()) repeated += 1;
      return repeated;
    };
    spend();
    for (let sent = 0; sent < 205; sent += 1) budget.deposit();
    expect(spend()).toBe(20);
    nowMs += 3_000;
    expect(spend()).toBe(3);
  });

  test('saves up for no more than a moment of trouble', () => {
    const budget = createRetryBudget(0.1, () => 0);
    for (let sent = 0; sent < 100_000; sent += 1) budget.deposit();
    let repeated = 0;
    while (budget.withdraw()) repeated += 1;
    expect(repeated).toBe(50);
  });
});
