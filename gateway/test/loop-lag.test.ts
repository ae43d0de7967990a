import { expect, onTestFinished, test } from 'vitest';
import { startEdge, type Answer, type Edge } from './support/edge.ts';

/** Keeps this process, in which the edge runs, from its turn for so long, again and again. */
function makeLate(blockMs: number): () => void {
  const late = setInterval(() => {
    const until = performance.now() + blockMs;
    while (performance.now() < until);
  }, 1);
  const stop = () => clearInterval(late);
  onTestFinished(stop);
  return stop;
}

async function metric(edge: Edge, line: string): Promise<number> {
  const text = await (await fetch(`${edge.adminUrl}/metrics`)).text();
  const found = text.split('\n').find((each) => each.startsWith(line));
  return Number(found?.split(' ').at(-1) ?? 0);
}

const shedStrangers = (edge: Edge) =>
  metric(edge, 'banyan_edge_admitted_total{lane="anonymous",outcome="shed"');

test('while its event loop is late the edge turns readers away with 503 and when to come back, and takes gifts; afterwards it takes readers again', async () => {
  const edge = await startEdge({
    CACHE: 'off',
    QUOTAS: 'off',
    MAX_LOOP_LAG_MS: '100',
    MAX_DEADLINE_MS: '60000',
    HOP_TIMEOUT_MS: '60000',
  });
  const patience = { timeout: 20_000 };
  // More than a limit that has shrunk to its least lets in. On a machine that is late by itself some have to come again.
  const enter = async (): Promise<Answer> => {
    const answer = await edge.ask('{ slow }');
    return answer.status === 503 ? enter() : answer;
  };
  const inside = Array.from({ length: 60 }, enter);
  await expect.poll(() => edge.shop.operations.length, patience).toBe(60);
  const shedBefore = await shedStrangers(edge);

  const stop = makeLate(150);
  await expect
    .poll(() => metric(edge, 'banyan_edge_admission_limit{lane="known"'), patience)
    .toBeLessThan(60);
  const refused = await edge.ask('{ hello }');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 1 });
  const { body } = await edge.ask('mutation { buy(itemId: "itm_1") }');
  expect(body.data).toEqual({ buy: 'bought itm_1' });
  // It was the edge that refused, not the pool of the shop.
  expect(await shedStrangers(edge)).toBe(shedBefore + 1);
  expect(edge.shop.operations).toHaveLength(61);

  stop();
  edge.stage.slow.resolve('at last');
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual(inside.map(() => 200));
  await expect.poll(async () => (await edge.ask('{ hello }')).status, patience).toBe(200);
}, 60_000);
