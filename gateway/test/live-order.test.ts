import fc from 'fast-check';
import { createRegistry } from '@banyan/kit/service';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveMetrics } from '../src/live/metrics.ts';
import { SharedSubscription } from '../src/live/shared-subscription.ts';
import type { Subscriber } from '../src/live/subscriber.ts';
import { ControlledStreams } from './support/controlled-streams.ts';
import { silent } from './support/subgraph.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a result says of itself. */
interface Told {
  version: bigint;
  /** Versions of the graph. */
  askedBy: number;
  resolvedBy: number;
}

/** Keeps what it is told. */
class Follower implements Subscriber {
  readonly told: Told[] = [];
  /** The version when it came. */
  readonly since: bigint;
  constructor(since: bigint) {
    this.since = since;
  }

  offer({ text }: { text: string }): void {
    const { version, ...by } = JSON.parse(text) as Record<'askedBy' | 'resolvedBy', number> & {
      version: string;
    };
    this.told.push({ version: BigInt(version), ...by });
  }

  end(): void {
    throw new Error('Nobody ends this.');
  }
}

function follow() {
  const streams = new ControlledStreams();
  const followers: Follower[] = [];
  let planned = 0;
  const shared = new SharedSubscription({
    plan: streams.plan(planned),
    coalesceMs: 10,
    metrics: createLiveMetrics(createRegistry('test')),
    log: silent,
    onEnd: () => undefined,
  });
  return {
    streams,
    followers,
    join: () => {
      const follower = new Follower(streams.version);
      followers.push(follower);
      shared.join(follower);
      return follower;
    },
    leave: (which: number) => {
      if (followers.length < 2) return;
      const [follower] = followers.splice(which % followers.length, 1);
      if (follower !== undefined) shared.leave(follower);
    },
    replan: () => {
      planned += 1;
      shared.replan(streams.plan(planned));
    },
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

test('whoever comes is not told what was on its way already', async () => {
  const { streams, join, pass } = follow();
  join();
  await pass(20);
  const [first] = streams.open;
  first?.read(streams.version);
  first?.arrive();
  await pass(20);
  first?.read(streams.version);
  streams.version = 2n;
  const newcomer = join();
  await pass(20);
  // The stream for the newcomer is open, and the older state arrives by the one before.
  expect(streams.open).toHaveLength(2);
  first?.arrive();
  await pass(20);
  expect(newcomer.told).toEqual([]);
  streams.open[1]?.read(streams.version);
  streams.open[1]?.arrive();
  await pass(20);
  expect(newcomer.told.map(({ version }) => version)).toEqual([2n]);
});

test('what was asked for on one version of the graph is not resolved by the plan of another', async () => {
  const { streams, join, replan, pass } = follow();
  const follower = join();
  await pass(20);
  const [first] = streams.open;
  first?.read(1n);
  replan();
  first?.arrive();
  await pass(20);
  const [, second] = streams.open;
  second?.read(2n);
  second?.arrive();
  await pass(20);
  expect(follower.told).toEqual([
    { version: 1n, askedBy: 0, resolvedBy: 0 },
    { version: 2n, askedBy: 1, resolvedBy: 1 },
  ]);
});

const upToDate = [
  'change',
  'read',
  'read',
  'arrive',
  'arrive',
  'cut',
  'join',
  'leave',
  'replan',
  'pass',
] as const;
/** Also reads of a database that has not heard of the last change; newcomers cannot know better than those. */
const behind = [...upToDate, 'readBehind'] as const;

test.each([
  ['nor behind what was so when a follower came', upToDate, 0n],
  ['though some read from a database that is behind', behind, 1n],
])('totals never go back, %s, in whichever order things happen', async (_what, kinds, behindBy) => {
  /** `which` is one of the streams or followers, or a time. */
  const step = fc.record({ kind: fc.constantFrom(...kinds, 'pass' as const), which: fc.nat({ max: 30 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
      const { streams, followers, join, leave, replan, pass } = follow();
      const all = [join()];
      for (const { kind, which: number } of steps) {
        const stream = streams.open[number % streams.open.length];
        if (kind === 'change') streams.version += 1n;
        else if (kind === 'read') stream?.read(streams.version);
        else if (kind === 'readBehind') stream?.read(streams.version - behindBy);
        else if (kind === 'arrive') stream?.arrive();
        else if (kind === 'cut') stream?.cut();
        else if (kind === 'join') all.push(join());
        else if (kind === 'leave') leave(number);
        else if (kind === 'replan') replan();
        await pass(kind === 'pass' ? number * 10 : 0);
      }
      streams.version += 1n;
      const isTold = () => followers.every(({ told }) => told.at(-1)?.version === streams.version);
      for (let rounds = 0; rounds < 100 && !isTold(); rounds += 1) {
        await pass(100);
        for (const stream of streams.open) stream.read(streams.version);
        for (const stream of streams.open) stream.arrive();
      }
      expect(isTold()).toBe(true);
      for (const { since, told } of all) {
        let last = since - behindBy;
        for (const { version, askedBy, resolvedBy } of told) {
          expect(version).toBeGreaterThanOrEqual(last);
          expect(resolvedBy).toBe(askedBy);
          last = version;
        }
      }
    }),
    { numRuns: 500 },
  );
});
