import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { RequestRefused } from '../errors.ts';
import type { RunOperation } from '../graph/run-operation.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { Gate } from './gate.ts';
import { laneOf, lanes, readShareOf, type Lane } from './lanes.ts';
import { watchLoopLag, type LoopLag } from './loop-lag.ts';

/** How often the limit is adjusted. */
const tickMs = 100;
/** The least that are let in at once, however late the loop is. */
const minInside = 32;
/** Gifts are the last to be shed: reads go when the loop is late, gifts only when it is so many times later all the same. */
const giftLagFactor = 2;
const minGiftsInside = 256;

export interface AdmissionSettings {
  /** The most that are executed at once. */
  maxInside: number;
  /** Lag of the event loop above which fewer reads are let in; gifts bear twice as much. */
  maxLagMs: number;
  /** Of one lane, those that may wait to be let in, and how long. */
  maxQueued: number;
  maxQueueMs: number;
}

export interface Admission {
  /** Puts the gate in front of what runs operations. */
  before(run: RunOperation): RunOperation;
  start(): void;
  stop(): void;
}

function createAdmissionMetrics(registry: Registry, limitOf: (lane: Lane) => number, gate: Gate) {
  const registers = [registry];
  new Gauge({
    name: 'banyan_edge_admission_limit',
    help: 'Operations that may be executed at once when one of a lane is let in, as the event loop’s lag allows.',
    labelNames: ['lane'],
    registers,
    collect() {
      for (const lane of lanes) this.set({ lane }, limitOf(lane));
    },
  });
  new Gauge({
    name: 'banyan_edge_admission_in_flight',
    help: 'Operations that are executed.',
    registers,
    collect() {
      this.set(gate.inside);
    },
  });
  return {
    admitted: new Counter({
      name: 'banyan_edge_admitted_total',
      help: 'Operations by lane (gifts, known, anonymous), and by whether they were let in or shed with 503.',
      labelNames: ['lane', 'outcome'],
      registers,
    }),
    queueSeconds: new Histogram({
      name: 'banyan_edge_admission_queue_seconds',
      help: 'How long those waited that were not let in at once, by lane and by what came of it.',
      labelNames: ['lane', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
      registers,
    }),
    seconds: new Histogram({
      name: 'banyan_edge_lane_seconds',
      help: 'Time from when an operation was let in until its answer was there, by lane.',
      labelNames: ['lane'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    lag: new Gauge({
      name: 'banyan_edge_loop_lag_seconds',
      help: 'Mean lag of the event loop over the last tenth of a second.',
      registers,
    }),
  };
}

function shed(): RequestRefused {
  return new RequestRefused(
    503,
    'There is more to do than can be done. Try again in a moment.',
    { code: 'OVERLOADED', retryAfterSeconds: 1 },
    { 'retry-after': '1' },
  );
}

/**
 * Lets in as many operations as the edge can execute in time, by lane. What is beyond that is refused at once, before it is
 * planned or sent anywhere. The measure is the lag of the event loop, the one queue that all requests share, and not how long
 * operations take: one that waits for a slow subgraph costs the edge nothing and must not keep others out. Subgraphs have
 * limits of their own; see `LatencyLimit`.
 */
export function createAdmission(
  settings: AdmissionSettings,
  registry: Registry,
  lag: LoopLag = watchLoopLag(),
): Admission {
  const { maxInside, maxLagMs } = settings;
  const reads = new AdaptiveLimit({ min: Math.min(minInside, maxInside), max: maxInside });
  const gifts = new AdaptiveLimit({ min: Math.min(minGiftsInside, maxInside), max: maxInside });
  const limitOf = (lane: Lane) => (lane === 'gifts' ? gifts.current : reads.current * readShareOf[lane]);
  const gate = new Gate({ ...settings, limitOf });
  const metrics = createAdmissionMetrics(registry, limitOf, gate);
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    const lagMs = lag.take();
    metrics.lag.set(lagMs / 1_000);
    const peak = gate.takePeak();
    reads.adjust(lagMs > maxLagMs, peak);
    gifts.adjust(lagMs > maxLagMs * giftLagFactor, peak);
  }

  async function wait(lane: Lane, entered: Promise<boolean>): Promise<boolean> {
    const beganMs = performance.now();
    const isIn = await entered;
    const seconds = (performance.now() - beganMs) / 1_000;
    metrics.queueSeconds.observe({ lane, outcome: isIn ? 'let in' : 'shed' }, seconds);
    return isIn;
  }

  // One label lookup each instead of one a request.
  const counters = new Map(
    lanes.map((lane) => [
      lane,
      {
        letIn: metrics.admitted.labels(lane, 'let in'),
        shed: metrics.admitted.labels(lane, 'shed'),
        seconds: metrics.seconds.labels(lane),
      },
    ]),
  );

  return {
    before: (run) => async (operation, context, type) => {
      const lane = laneOf(context.caller, context.checked?.operation.type === 'mutation');
      const entered = gate.enter(lane);
      const isIn = typeof entered === 'boolean' ? entered : await wait(lane, entered);
      const counter = counters.get(lane);
      if (!isIn) {
        counter?.shed.inc();
        context.settleCost?.(0);
        throw shed();
      }
      counter?.letIn.inc();
      const beganMs = performance.now();
      try {
        return await run(operation, context, type);
      } finally {
        gate.leave();
        counter?.seconds.observe((performance.now() - beganMs) / 1_000);
      }
    },
    start() {
      timer = setInterval(tick, tickMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      lag.stop();
    },
  };
}
