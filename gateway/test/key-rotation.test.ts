import { startSwitchingProxy } from '@banyan/kit/proxy';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';
import { createHopKey, createSigningKey, signAccessToken, type SigningKey } from './support/keys.ts';
import type { SubgraphKeys, TestSubgraph } from './support/subgraph.ts';

/** Longer than the edge takes to look at a process again. */
const drainMs = 1_500;
const quiet = { CACHE: 'off', QUOTAS: 'off', DRAIN_MS: String(drainMs) };

/** People who read and give without a pause, each request with a token of its own; gives what was not answered. */
function keepAsking(url: string, signer: () => SigningKey) {
  let isOver = false;
  let asked = 0;
  const failures: unknown[] = [];
  const operations = [
    { query: '{ caller }', data: { caller: 'usr_1' } },
    { query: 'mutation { buy(itemId: "itm_1") }', data: { buy: 'bought itm_1' } },
  ];
  async function ask({ query, data }: (typeof operations)[number]): Promise<void> {
    while (!isOver) {
      try {
        const authorization = `Bearer ${await signAccessToken(signer())}`;
        const response = await fetch(new URL('/graphql', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify({ query }),
        });
        const text = await response.text();
        if (response.status !== 200 || text !== JSON.stringify({ data })) failures.push(text);
      } catch (error) {
        failures.push(error);
      }
      asked += 1;
    }
  }
  const clients = operations.flatMap((operation) => [ask(operation), ask(operation)]);
  onTestFinished(() => {
    isOver = true;
  });
  return {
    /** So many more were asked since. */
    async goesOn(): Promise<void> {
      const before = asked;
      await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(before + 40);
    },
    async end(): Promise<unknown[]> {
      isOver = true;
      await Promise.all(clients);
      return failures;
    },
  };
}

/** Starts the processes of a subgraph anew, one after the other, with other keys. */
async function roll(shops: readonly TestSubgraph[], changed: Partial<SubgraphKeys>): Promise<TestSubgraph[]> {
  const rolled: TestSubgraph[] = [];
  for (const shop of shops) {
    const next = await shop.restart(drainMs, changed);
    onTestFinished(() => next.stop());
    await expect.poll(() => next.hops, { timeout: 10_000 }).toBeGreaterThan(0);
    rolled.push(next);
  }
  return rolled;
}

const write = ({ id, secret }: { id: string; secret: Buffer }) => `${id}:${secret.toString('base64url')}`;

/** What subgraphs and edges believe and use: first both keys and the old one, then both and the new, then the new alone. */
async function makeRotation(
  what: 'hops' | 'assertions',
  edge: Edge,
): Promise<{
  both: Partial<SubgraphKeys>;
  edge: Record<string, string>;
  nextAlone: Partial<SubgraphKeys>;
}> {
  if (what === 'hops') {
    const next = createHopKey('hop-2');
    return {
      both: { hopKeys: [edge.hopKey, next] },
      edge: { HOP_KEYS: `${write(next)},${write(edge.hopKey)}` },
      nextAlone: { hopKeys: [next] },
    };
  }
  const next = await createSigningKey('edge-2');
  return {
    both: { assertionKeys: [edge.assertionKey.publicJwk, next.publicJwk] },
    edge: { ASSERTION_KEY: JSON.stringify(next.privateJwk) },
    nextAlone: { assertionKeys: [next.publicJwk] },
  };
}

test.each(['hops', 'assertions'] as const)(
  'the key of %s is replaced under load, and no request fails',
  async (what) => {
    const edge = await startEdge(quiet, { shops: 1 });
    await using balancer = await startSwitchingProxy(edge.url);
    const rotation = await makeRotation(what, edge);
    const asking = keepAsking(balancer.url, () => edge.usersKey);
    await asking.goesOn();
    let shops = await roll([edge.shop, ...edge.furtherShops], rotation.both);
    const next = await edge.startAnother(rotation.edge);
    onTestFinished(() => next.stop());
    const ended = edge.stop();
    balancer.switchTo(next.url);
    await ended;
    await asking.goesOn();
    shops = await roll(shops, rotation.nextAlone);
    await asking.goesOn();
    expect((await asking.end()).slice(0, 3)).toEqual([]);
    expect(shops.every(({ hops }) => hops > 0)).toBe(true);
  },
  60_000,
);

test.each(['hops', 'assertions'] as const)(
  'an edge that uses a new key of %s before the subgraphs know it is refused',
  async (what) => {
    const edge = await startEdge(quiet);
    const hasty = await edge.startAnother((await makeRotation(what, edge)).edge);
    onTestFinished(() => hasty.stop());
    const response = await fetch(`${hasty.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await edge.token()}` },
      body: JSON.stringify({ query: '{ caller }' }),
    });
    expect(await response.json()).toMatchObject({ data: { caller: null }, errors: [{}] });
  },
);

test('the key of access tokens is replaced under load, and nobody is signed out', async () => {
  const edge = await startEdge({ ...quiet, MAX_DEADLINE_MS: '60000', HOP_TIMEOUT_MS: '60000' });
  const next = await createSigningKey('users-2');
  let signer = edge.usersKey;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const asking = keepAsking(edge.url, () => signer);
  await asking.goesOn();
  // Published, and signed with no sooner than the runbook says.
  edge.users.state.keys = [edge.usersKey.publicJwk, next.publicJwk];
  vi.setSystemTime(Date.now() + 10_000);
  await asking.goesOn();
  signer = next;
  await asking.goesOn();
  // When the last token of the old key has expired.
  edge.users.state.keys = [next.publicJwk];
  await asking.goesOn();
  expect((await asking.end()).slice(0, 3)).toEqual([]);
  expect(edge.users.state.fetches).toBe(2);
});
