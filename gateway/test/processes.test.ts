import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { anonymous, createAssertionMinter } from '@banyan/kit/hop';
import { createRegistry } from '@banyan/kit/service';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHopClient } from '../src/hop/hop-client.ts';
import { createMetrics } from '../src/metrics.ts';
import { startEdge } from './support/edge.ts';
import { createHopKey, createSigningKey } from './support/keys.ts';
import { findDeadUrl, startRawServer } from './support/raw-server.ts';
import { createStage, shopSchema } from './support/schemas.ts';
import { silent, startSubgraph } from './support/subgraph.ts';

const key = createHopKey('hop-1');

/** A client before processes of one subgraph, at the given addresses, and what says which of them take work. */
async function createClient(urls: readonly string[]) {
  const registry = createRegistry('test');
  const client = createHopClient({
    subgraph: 'shop',
    urls,
    key,
    minter: await createAssertionMinter((await createSigningKey('edge-1')).privateJwk),
    maxConnections: 4,
    metrics: createMetrics(registry),
    log: silent,
  });
  onTestFinished(() => client.close());
  const ask = (deadlineMs = 60_000) =>
    client.send({
      head: JSON.stringify({ query: '{ hello }' }).slice(0, -1),
      caller: anonymous,
      requestId: 'test',
      deadlineAtMs: Date.now() + deadlineMs,
    });
  const takesWork = async (url: string) => {
    const metrics = await registry.getSingleMetricAsString('banyan_edge_process_up');
    return metrics.includes(`{subgraph="shop",process="${new URL(url).host}",service="test"} 1`);
  };
  return { ask, takesWork };
}

async function startShop(listen?: { port: number }) {
  const shop = await startSubgraph({
    name: 'shop',
    schema: shopSchema(createStage()),
    hopKeys: [key],
    assertionKeys: [(await createSigningKey('edge-1')).publicJwk],
    ...listen,
  });
  onTestFinished(() => shop.stop());
  return shop;
}

/** A process that hangs: the kernel takes connections and bytes for it, and nothing ever comes back. */
async function startHangingProcess() {
  const sockets = new Set<Socket>();
  const state = { url: '', wasAsked: false };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      state.wasAsked ||= bytes.includes('POST /graphql');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

const hello = { data: { hello: 'Hello, stranger' } };

describe('several processes of one subgraph', () => {
  test('share the work', async () => {
    const shops = await Promise.all([startShop(), startShop(), startShop()]);
    const { ask } = await createClient(shops.map(({ url }) => url));
    for (let round = 0; round < 9; round += 1) await ask();
    expect(shops.map(({ hops }) => hops)).toEqual([3, 3, 3]);
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

  test('get work again when they are back', async () => {
    const [first, second] = await Promise.all([startShop(), startShop()]);
    const { ask, takesWork } = await createClient([first.url, second.url]);
    await second.stop();
    await Promise.all([ask(), ask()]);
    await expect.poll(() => takesWork(second.url)).toBe(false);
    const back = await startShop({ port: Number(new URL(second.url).port) });
    await expect.poll(() => takesWork(second.url), { timeout: 5_000 }).toBe(true);
    for (let round = 0; round < 4; round += 1) await ask();
    expect(back.hops).toBe(2);
  });

  test('are passed over while they hang, and hold back nobody else', async () => {
    const [hanging, shop] = await Promise.all([startHangingProcess(), startShop()]);
    const { ask, takesWork } = await createClient([hanging.url, shop.url]);
    const first = ask(5_000).catch(() => 'swallowed');
    await nextTurn();
    const second = ask(5_000).catch(() => 'swallowed');
    await expect.poll(() => hanging.wasAsked).toBe(true);
    expect(await Promise.race([first, second])).toEqual(hello);
    for (let round = 0; round < 10; round += 1) expect(await ask()).toEqual(hello);
    await expect.poll(() => takesWork(hanging.url), { timeout: 5_000 }).toBe(false);
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
