import { describe, expect, onTestFinished, test } from 'vitest';
import { HopFailure } from '../src/hop/hop-failure.ts';
import { createRetryBudget } from '../src/hop/retry-budget.ts';
import { startHangingProcess } from './support/hanging-process.ts';
import { createTestHopClient, type TestHopClient } from './support/hop-client.ts';
import { createHopKey, createSigningKey } from './support/keys.ts';
import { startRawServer } from './support/raw-server.ts';
import { createStage, shopSchema } from './support/schemas.ts';
import { startSubgraph } from './support/subgraph.ts';

const key = createHopKey('hop-1');
const hello = { data: { hello: 'Hello, stranger' } };

async function startShop(port = 0) {
  const stage = createStage();
  const shop = await startSubgraph({
    name: 'shop',
    schema: shopSchema(stage),
    hopKeys: [key],
    assertionKeys: [(await createSigningKey('edge-1')).publicJwk],
    port,
  });
  onTestFinished(() => shop.stop());
  return { ...shop, stage };
}

/** A process whose every answer to an operation is as `status` says; it lives all the time. */
async function startMoodyProcess() {
  const mood = { status: 500, operations: 0 };
  const url = await startRawServer((request, response) => {
    if (request.url !== '/graphql') return void response.end('{"status":"live"}');
    mood.operations += 1;
    response.writeHead(mood.status).end(JSON.stringify(hello));
  });
  return { mood, url };
}

const kindOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'answered',
    (error: unknown) => (error instanceof HopFailure ? error.kind : 'no hop failure'),
  );

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
