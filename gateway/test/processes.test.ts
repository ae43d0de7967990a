import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startEdge } from './support/edge.ts';
import { startHangingProcess } from './support/hanging-process.ts';
import { createTestHopClient } from './support/hop-client.ts';
import { findDeadUrl, startRawServer } from './support/raw-server.ts';
import { hello, key, kindOf, startMoodyProcess, startShop } from './support/shop-processes.ts';

const createClient = (urls: readonly string[]) => createTestHopClient(urls, { key });

describe('several processes of one subgraph', () => {
  test('share the work', async () => {
    const shops = await Promise.all([startShop(), startShop(), startShop()]);
    const { ask } = await createClient(shops.map(({ url }) => url));
    for (let round = 0; round < 9; round += 1) await ask();
    expect(shops.map(({ hops }) => hops)).toEqual([3, 3, 3]);
  });

  test('that have room are asked, though one that is full has less to do', async () => {
    const shops = await Promise.all([startShop(), startShop()]);
    const { ask } = await createTestHopClient(
      shops.map(({ url }) => url),
      { key, maxConnections: 2 },
    );
    const asked = () => shops.reduce((sum, { operations }) => sum + operations.length, 0);
    // One process has five operations in one hop, the other one in each of its two.
    const slow: Promise<unknown>[] = [];
    for (const size of [5, 1, 1]) {
      for (let index = 0; index < size; index += 1) slow.push(ask({ query: '{ slow }' }));
      await expect.poll(asked).toBe(slow.length);
    }
    expect(await ask()).toEqual(hello);
    for (const { stage } of shops) stage.slow.resolve('at last');
    await Promise.all(slow);
  });

  test('carry one that nobody listens at: every operation is answered by another', async () => {
    const shop = await startShop();
    const dead = await findDeadUrl();
    const { ask, takesWork } = await createClient([dead, shop.url]);
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask()));
    for (let round = 0; round < 4; round += 1) answers.push(await ask());
    expect(answers).toEqual(answers.map(() => hello));
    expect(await takesWork(dead)).toBe(false);
    expect(await takesWork(shop.url)).toBe(true);
  });

  test.each([
    ['a change that could not be sent', { query: 'mutation { buy(itemId: "itm_1") }' }, 'dead'],
    ['a read that failed', { canRepeat: true }, 'moody'],
    ['a read that hangs', { canRepeat: true }, 'hanging'],
  ] as const)('take over %s, as soon as they have room', async (_what, operation, fault) => {
    const faulty = {
      dead: findDeadUrl,
      moody: async () => (await startMoodyProcess()).url,
      hanging: async () => (await startHangingProcess()).url,
    };
    const [url, shop] = await Promise.all([faulty[fault](), startShop()]);
    const client = await createTestHopClient([url, shop.url], { key, maxConnections: 1 });
    // One after the other: the first goes to the shop, the second to the other.
    const slow = client.ask({ query: '{ slow }' });
    await expect.poll(() => shop.operations.length).toBe(1);
    const takenOver = kindOf(client.ask(operation));
    await expect.poll(() => client.takesWork(url), { timeout: 10_000 }).toBe(fault === 'moody');
    if (fault !== 'hanging')
      await expect.poll(() => client.metric('banyan_edge_hops_total')).toMatch(/outcome="failed"/);
    shop.stage.slow.resolve('at last');
    expect(await slow).toEqual({ data: { slow: 'at last' } });
    expect(await takenOver).toBe('answered');
  });

  test('get work again when they are back', async () => {
    const [first, second] = await Promise.all([startShop(), startShop()]);
    const { ask, takesWork } = await createClient([first.url, second.url]);
    await second.stop();
    await Promise.all([ask(), ask()]);
    await expect.poll(() => takesWork(second.url)).toBe(false);
    const back = await startShop(Number(new URL(second.url).port));
    await expect.poll(() => takesWork(second.url), { timeout: 5_000 }).toBe(true);
    for (let round = 0; round < 4; round += 1) await ask();
    expect(back.hops).toBe(2);
  });

  test('are passed over while they hang, and hold back nobody else', async () => {
    const [hanging, shop] = await Promise.all([startHangingProcess(), startShop()]);
    const { ask, takesWork } = await createClient([hanging.url, shop.url]);
    const first = ask({ canRepeat: true });
    await nextTurn();
    const second = ask({ canRepeat: true });
    await expect.poll(() => hanging.wasAsked).toBe(true);
    expect(await Promise.race([first, second])).toEqual(hello);
    for (let round = 0; round < 10; round += 1) expect(await ask()).toEqual(hello);
    await expect.poll(() => takesWork(hanging.url), { timeout: 10_000 }).toBe(false);
    expect(await Promise.all([first, second])).toEqual([hello, hello]);
    expect(await takesWork(shop.url)).toBe(true);
  });

  test('that are about to end get nothing while another serves, and are asked while none does', async () => {
    let asked = 0;
    const ending = await startRawServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { connection: 'close' }).end(JSON.stringify(hello));
    });
    const shop = await startShop();
    const { ask, takesWork } = await createClient([ending, shop.url]);
    await ask();
    await ask();
    const askedBefore = asked;
    expect(await takesWork(ending)).toBe(false);
    for (let round = 0; round < 4; round += 1) await ask();
    expect(shop.hops).toBe(5);
    await shop.stop();
    expect(await ask()).toEqual(hello);
    expect(asked).toBeGreaterThan(askedBefore);
  });
});

test('an operation that cannot be sent fails at once, and ends nobody else', async () => {
  const shop = await startShop();
  const broken = await createTestHopClient([shop.url], { key: { ...key, secret: undefined as never } });
  expect(await kindOf(broken.ask())).toBe('unavailable');
  expect(broken.said).toEqual(['a hop could not be sent']);
  expect(await (await createClient([shop.url])).ask()).toEqual(hello);
});

describe('mutations', () => {
  test('go to the processes that are theirs alone, and queries do not', async () => {
    const edge = await startEdge({}, { shopsForMutations: 1 });
    const [own] = edge.shopsForMutations;
    expect((await edge.ask('mutation { buy(itemId: "itm_1") }')).body.data).toEqual({ buy: 'bought itm_1' });
    expect((await edge.ask('{ hello }')).body).toEqual(hello);
    expect(own?.operations.map(({ query }) => query)).toEqual([expect.stringContaining('buy')]);
    expect(edge.shop.operations.map(({ query }) => query)).toEqual([expect.stringContaining('hello')]);
  });

  test('are sent to another process when nobody listens at the first: none is lost and none runs twice', async () => {
    const edge = await startEdge({}, { shops: 1 });
    await edge.shop.stop();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => edge.ask('mutation { buy(itemId: "itm_1") }')),
    );
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => ({ data: { buy: 'bought itm_1' } })));
    expect(edge.furtherShops.map(({ operations }) => operations.length)).toEqual([20]);
  });
});
