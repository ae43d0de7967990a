import { createRegistry } from '@banyan/kit/service';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AdaptiveLimit } from '../src/admission/adaptive-limit.ts';
import { createAdmission } from '../src/admission/admission.ts';
import { Gate } from '../src/admission/gate.ts';
import type { Lane } from '../src/admission/lanes.ts';
import { LatencyLimit } from '../src/admission/latency-limit.ts';
import type { EdgeContext } from '../src/context.ts';
import { startEdge } from './support/edge.ts';

describe('a limit that finds its own value', () => {
  test('shrinks from what was under way, not from a height that was never reached, and never below its least', () => {
    const limit = new AdaptiveLimit({ min: 10, max: 1_000 });
    limit.adjust(true, 100);
    expect(limit.current).toBe(80);
    for (let moment = 0; moment < 50; moment += 1) limit.adjust(true, 100);
    expect(limit.current).toBe(10);
  });

  test('grows while it is nearly reached and all is well, up to its most', () => {
    const limit = new AdaptiveLimit({ min: 10, max: 1_000 });
    limit.adjust(true, 100);
    limit.adjust(false, 20);
    expect(limit.current).toBe(80);
    limit.adjust(false, 79);
    expect(limit.current).toBeGreaterThan(80);
    for (let moment = 0; moment < 100; moment += 1) limit.adjust(false, 1_000);
    expect(limit.current).toBe(1_000);
  });

  test('keeps the objective of what it lets through at three times what can be done', () => {
    // Twenty at once, 40 ms each: 500 a second. Asked for: 1,500 a second.
    const hands = Array.from({ length: 20 }, () => 0);
    let nowMs = 0;
    const limit = new LatencyLimit({ max: 4_000, objectiveMs: 200, now: () => nowMs });
    const running: { endsAtMs: number; beganMs: number; end: () => void }[] = [];
    const seen: { atMs: number; tookMs: number }[] = [];
    let refused = 0;
    for (; nowMs < 30_000; nowMs += 1) {
      for (const done of running.filter(({ endsAtMs }) => endsAtMs <= nowMs)) {
        running.splice(running.indexOf(done), 1);
        done.end();
        seen.push({ atMs: nowMs, tookMs: nowMs - done.beganMs });
      }
      for (let arrival = 0; arrival < 1.5 + (nowMs % 2) - 0.5; arrival += 1) {
        if (!limit.hasRoom(1)) {
          refused += 1;
          continue;
        }
        const soonest = hands.indexOf(Math.min(...hands));
        const endsAtMs = Math.max(nowMs, hands[soonest] ?? 0) + 40;
        hands[soonest] = endsAtMs;
        running.push({ endsAtMs, beganMs: nowMs, end: limit.begin() });
      }
    }
    const settled = seen.filter(({ atMs }) => atMs > 10_000);
    const late = settled.filter(({ tookMs }) => tookMs > 200);
    expect(late.length / settled.length).toBeLessThan(0.1);
    // Nearly all that can be done is done: 500 a second.
    expect(settled.length / 20).toBeGreaterThan(450);
    expect(refused).toBeGreaterThan(10_000);
  });
});

describe('the gate', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function makeGate(limit: number) {
    const limits: Record<Lane, number> = { gifts: limit * 2, known: limit, anonymous: limit * 0.75 };
    const gate = new Gate({ limitOf: (lane) => limits[lane], maxQueued: 2, maxQueueMs: 100 });
    const entered: Lane[] = [];
    const refused: Lane[] = [];
    const enter = async (lane: Lane) => {
      if (await gate.enter(lane)) entered.push(lane);
      else refused.push(lane);
    };
    return { gate, entered, refused, enter };
  }

  test('lets gifts in before people who are known, and those before strangers', async () => {
    const { gate, entered, enter } = makeGate(4);
    await Promise.all([enter('known'), enter('known'), enter('known'), enter('known')]);
    const waiting = [enter('anonymous'), enter('known')];
    await Promise.all([enter('gifts'), enter('gifts'), enter('gifts'), enter('gifts')]);
    waiting.push(enter('gifts'));
    entered.length = 0;
    for (let left = 0; left < 8; left += 1) gate.leave();
    await Promise.all(waiting);
    expect(entered).toEqual(['gifts', 'known', 'anonymous']);
  });

  test('keeps a few waiting for a moment, and refuses the others at once', async () => {
    const { entered, refused, enter } = makeGate(1);
    await enter('known');
    const waiting = [enter('known'), enter('known')];
    await enter('known');
    expect({ entered, refused }).toEqual({ entered: ['known'], refused: ['known'] });
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(waiting);
    expect(refused).toHaveLength(3);
  });

  test('leaves to those who are known what strangers may not have', async () => {
    const { gate, refused, enter } = makeGate(8);
    for (let visitor = 0; visitor < 6; visitor += 1) await enter('anonymous');
    const waiting = [enter('anonymous'), enter('anonymous')];
    await enter('anonymous');
    expect(refused).toEqual(['anonymous']);
    await enter('known');
    await enter('known');
    expect(gate.inside).toBe(8);
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(waiting);
  });
});

test('when the event loop is late fewer are let in, strangers first to be refused, and more again when it is not', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  try {
    let lagMs = 0;
    const lag = { take: () => lagMs, stop: () => undefined };
    const settings = { maxInside: 1_000, maxLagMs: 50, maxQueued: 0, maxQueueMs: 1 };
    const registry = createRegistry('test');
    const admission = createAdmission(settings, registry, lag);
    admission.start();
    const answers: PromiseWithResolvers<never>[] = [];
    const run = admission.before(() => {
      const answer = Promise.withResolvers<never>();
      answers.push(answer);
      return answer.promise;
    });
    const operation = { query: '{ a }', variables: {}, operationName: null };
    const ask = (subject: string | null, type = 'query') =>
      run(
        operation,
        { caller: { subject, roles: new Set() }, checked: { operation: { type } } } as unknown as EdgeContext,
        'application/json',
      ).catch((error: unknown) => error);
    for (let visitor = 0; visitor < 100; visitor += 1) void ask(null);
    expect(answers).toHaveLength(100);
    lagMs = 80;
    // 100 under way: the limit of reads goes to 80, 64, … as long as the loop is late; gifts bear more.
    vi.advanceTimersByTime(100);
    expect(await ask(null)).toMatchObject({
      status: 503,
      extensions: { code: 'OVERLOADED' },
      headers: { 'retry-after': '1' },
    });
    expect(await ask('usr_1')).toMatchObject({ status: 503 });
    expect(answers).toHaveLength(100);
    void ask('usr_1', 'mutation');
    expect(answers).toHaveLength(101);
    lagMs = 0;
    vi.advanceTimersByTime(2_000);
    void ask(null);
    expect(answers).toHaveLength(102);
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/banyan_edge_admitted_total\{lane="anonymous",outcome="shed",service="test"\} 1/);
    expect(metrics).toMatch(/banyan_edge_admitted_total\{lane="known",outcome="shed",service="test"\} 1/);
    admission.stop();
  } finally {
    vi.useRealTimers();
  }
});

test('a client that finds no room is told at once when to come back, while gifts are taken', async () => {
  const edge = await startEdge({ CACHE: 'off', MAX_IN_FLIGHT: '4', MAX_QUEUED: '1', MAX_QUEUE_MS: '60000' });
  const authorization = `Bearer ${await edge.token()}`;
  const inside = [edge.ask('{ slow }'), edge.ask('{ slow }'), edge.ask('{ slow }')];
  await expect.poll(() => edge.shop.operations.length).toBe(3);
  const queued = edge.ask('{ hello }');
  // One of these three waits; whichever it is, the others are refused.
  const refused = await Promise.race([edge.ask('{ hello }'), edge.ask('{ hello }')]);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.body.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 1 });
  expect((await edge.ask('{ hello }', { headers: { authorization } })).status).toBe(200);
  expect((await edge.ask('mutation { buy(itemId: "itm_1") }')).body.data).toEqual({ buy: 'bought itm_1' });
  edge.stage.slow.resolve('at last');
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await queued).status).toBe(200);
});
