import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLogger, createRegistry } from '@banyan/kit/service';
import { expect, onTestFinished, test } from 'vitest';
import { createHub } from '../src/live/hub.ts';
import type { LivePlan } from '../src/live/live-plan.ts';
import { createLiveMetrics } from '../src/live/metrics.ts';
import type { Subscriber, SubscriptionEnding } from '../src/live/subscriber.ts';
import { ControlledStreams } from './support/controlled-streams.ts';

/** Subscriptions of this process, each by `plan`, and what is said of them. */
function followAll(count: number, plan: (id: number) => LivePlan) {
  const lines: string[] = [];
  const hub = createHub({
    coalesceMs: 1,
    maxUpstreams: count,
    maxUpstreamsPerCaller: count,
    metrics: createLiveMetrics(createRegistry('test')),
    log: createLogger(
      { service: 'test', level: 'error' },
      { write: (line: string) => void lines.push(String((JSON.parse(line) as { msg: string }).msg)) },
    ),
  });
  const ended = new Map<number, SubscriptionEnding>();
  for (let id = 0; id < count; id += 1) {
    const subscriber: Subscriber = { offer: () => undefined, end: (ending) => void ended.set(id, ending) };
    onTestFinished(hub.join({ key: String(id), plan: () => plan(id) }, subscriber, 'somebody'));
  }
  return { hub, ended, lines };
}

test('others have their turn while many are planned on another version of the graph', async () => {
  const all = 50;
  const streams = new ControlledStreams();
  let plans = 0;
  const { hub } = followAll(all, () => {
    plans += 1;
    return streams.plan(plans);
  });
  plans = 0;
  const replanned = hub.replan();
  let before = 0;
  while (plans < all) {
    expect(plans - before).toBeLessThan(5);
    before = plans;
    await nextTurn();
  }
  expect(before).toBeGreaterThan(0);
  await replanned;
  expect(plans).toBe(all);
});

test('while another version comes already, nothing more is planned on the one before', async () => {
  const all = 50;
  const streams = new ControlledStreams();
  const plans: number[] = [];
  let version = 0;
  const { hub } = followAll(all, () => {
    plans.push(version);
    return streams.plan(version);
  });
  version = 1;
  const first = hub.replan();
  version = 2;
  await Promise.all([first, hub.replan()]);
  expect(plans.filter((planned) => planned === 1).length).toBeLessThan(5);
  expect(plans.filter((planned) => planned === 2)).toHaveLength(all);
});

test('one that cannot be planned through a fault of ours ends, and is noted as what it is; the others go on', async () => {
  const streams = new ControlledStreams();
  let version = 0;
  const { hub, ended, lines } = followAll(3, (id) => {
    if (version === 1 && id === 1) throw new Error('A fault.');
    return streams.plan(version);
  });
  version = 1;
  await hub.replan();
  const code = 'INTERNAL_SERVER_ERROR';
  expect([...ended]).toMatchObject([[1, { kind: 'refused', errors: [{ extensions: { code } }] }]]);
  expect(JSON.stringify([...ended])).not.toContain('A fault.');
  expect(lines).toEqual(['a subscription cannot be planned on this version of the graph']);
});
