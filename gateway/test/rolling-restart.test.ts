import { startSwitchingProxy } from '@banyan/kit/proxy';
import { expect, onTestFinished, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';

/** Longer than the edge takes to look at a process again. */
const drainMs = 1_500;

/** Reads and gifts without a pause until it is told to end; gives what was not answered as it should be. */
function keepAsking(url: string) {
  let isOver = false;
  let asked = 0;
  const failures: unknown[] = [];
  const operations = [
    { query: '{ hello warehouses }', data: { hello: 'Hello, stranger', warehouses: 3 } },
    { query: 'mutation { buy(itemId: "itm_1") }', data: { buy: 'bought itm_1' } },
  ];
  async function ask({ query, data }: (typeof operations)[number]): Promise<void> {
    while (!isOver) {
      asked += 1;
      try {
        const response = await fetch(new URL('/graphql', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
        const text = await response.text();
        if (response.status !== 200 || text !== JSON.stringify({ data })) failures.push(text);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  const all = Promise.all(Array.from({ length: 8 }, (_each, place) => ask(operations[place % 2] as never)));
  return {
    get asked() {
      return asked;
    },
    failures,
    async end() {
      isOver = true;
      await all;
      return { asked, failures };
    },
  };
}

/** So many more were asked since. */
async function wentOn(asking: { asked: number }): Promise<void> {
  const before = asking.asked;
  await expect.poll(() => asking.asked, { timeout: 10_000 }).toBeGreaterThan(before + 50);
}

const quiet = { CACHE: 'off', QUOTAS: 'off' };

async function restartShops(edge: Edge, asking: { asked: number }): Promise<void> {
  for (const shop of [edge.shop, ...edge.furtherShops, ...edge.shopsForMutations]) {
    const next = await shop.restart(drainMs);
    onTestFinished(() => next.stop());
    // The other one ends not before this one is back at work.
    await expect.poll(() => next.hops, { timeout: 10_000 }).toBeGreaterThan(0);
    await wentOn(asking);
  }
}

test('each process of a subgraph is started anew under load, and nobody notices', async () => {
  const edge = await startEdge(quiet, { shops: 1, shopsForMutations: 2 });
  const asking = keepAsking(edge.url);
  await wentOn(asking);
  await restartShops(edge, asking);
  const { failures } = await asking.end();
  expect(failures.slice(0, 3)).toEqual([]);
}, 60_000);

test('each process of the edge is started anew under load, and nobody notices', async () => {
  const first = await startEdge({ ...quiet, DRAIN_MS: String(drainMs) });
  const second = await first.startAnother();
  await using balancer = await startSwitchingProxy(first.url);
  const asking = keepAsking(balancer.url);
  await wentOn(asking);
  // What stands in front of the edge leads nobody to a process that is not ready.
  const isReady = async (url: string) => (await fetch(`${url}/health/ready`)).status === 200;
  const ending = first.stop();
  await expect.poll(() => isReady(first.url)).toBe(false);
  balancer.switchTo(second.url);
  await ending;
  await wentOn(asking);
  const third = await first.startAnother();
  const endingSecond = second.stop();
  await expect.poll(() => isReady(second.url)).toBe(false);
  balancer.switchTo(third.url);
  await endingSecond;
  await wentOn(asking);
  const { failures } = await asking.end();
  expect(failures.slice(0, 3)).toEqual([]);
  await third.stop();
}, 60_000);
