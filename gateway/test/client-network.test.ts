import { expect, test } from 'vitest';
import { startEdge, type Edge } from './support/edge.ts';

/** Where the subgraph believes that the last client asked from. */
async function networkOf(edge: Edge, query: string, headers: Record<string, string> = {}) {
  await edge.ask(query, { headers });
  return edge.shop.operations.at(-1)?.network;
}
const buy = 'mutation { buy(itemId: "itm_1") }';

test('a subgraph is told where a mutation comes from, and of reads nothing', async () => {
  const edge = await startEdge();
  expect(await networkOf(edge, buy)).toBe('127.0.0.1');
  expect(await networkOf(edge, '{ hello }')).toBeUndefined();
});

test('a client without a proxy of ours cannot say that it comes from elsewhere', async () => {
  const edge = await startEdge();
  expect(await networkOf(edge, buy, { 'x-forwarded-for': '192.0.2.1' })).toBe('127.0.0.1');
});

test('behind a proxy of ours it comes from where the proxy says, whatever else is claimed', async () => {
  const edge = await startEdge({ TRUSTED_PROXIES: '1' });
  const forwarded = { 'x-forwarded-for': '198.51.100.9, 192.0.2.7' };
  expect(await networkOf(edge, buy, forwarded)).toBe('192.0.2.7');
  expect(await networkOf(edge, buy, { 'x-forwarded-for': '2001:db8:1:2:3::1' })).toBe('2001:db8:1:2::/64');
  // However long what a client makes up, it passes: the last one is the proxy's.
  expect(await networkOf(edge, buy, { 'x-forwarded-for': `${'9'.repeat(500)}, 192.0.2.8` })).toBe(
    '192.0.2.8',
  );
});
