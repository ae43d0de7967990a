import type { Logger } from '@banyan/kit/service';
import type { FetchAnswer, FetchError } from '../engine/subgraph-call.ts';
import type { StreamEvent } from '../hop/subscription-stream.ts';
import { Audience } from './audience.ts';
import type { LivePlan } from './live-plan.ts';
import type { LiveMetrics } from './metrics.ts';
import { StreamSwitch } from './stream-switch.ts';
import { LiveResult, type Subscriber, type SubscriptionEnding } from './subscriber.ts';

export interface SharedSubscriptionOptions {
  plan: LivePlan;
  /** Events within this time are one. */
  coalesceMs: number;
  metrics: LiveMetrics;
  log: Logger;
  /** Called once, when nobody follows any longer. */
  onEnd(): void;
}

type NextEvent = Extract<StreamEvent, { kind: 'next' }>;

/** An event that is not resolved yet, and the plan that its stream was opened by. */
interface Pending {
  readonly event: FetchAnswer;
  readonly plan: LivePlan;
}

function refusalOf(errors: readonly FetchError[] = []): SubscriptionEnding {
  const shown = errors.map(({ message, path, extensions }) => ({
    message,
    ...(path && { path }),
    ...(extensions && { extensions }),
  }));
  return { kind: 'refused', errors: shown };
}

/**
 * One subscription for all who ask the same: one stream from the subgraph, each event resolved and written once. Events
 * within `coalesceMs` are one, the newest; what is older than what was told is left out, whichever process sends it.
 *
 * Whoever comes gets a state that is read after that, never one that lay here: elsewhere the client may have seen a newer
 * one. So a stream is opened anew when somebody comes, once for all who come at the time, and takes the old one's place.
 */
export class SharedSubscription {
  readonly #options: SharedSubscriptionOptions;
  readonly #stream: StreamSwitch;
  readonly #audience = new Audience();
  #plan: LivePlan;
  #version: bigint | undefined;
  #text: string | undefined;
  /** The newest event, until it is resolved. */
  #pending: Pending | undefined;
  #isResolving = false;
  #resolvedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: SharedSubscriptionOptions) {
    this.#options = options;
    this.#plan = options.plan;
    const { coalesceMs, metrics, log } = options;
    this.#stream = new StreamSwitch({
      plan: () => this.#plan,
      gapMs: coalesceMs,
      onBegin: () => this.#audience.advance('arrived', 'expecting'),
      onEvent: (event, plan, isOfLatest) => {
        this.#take(event, plan, isOfLatest);
      },
      onBroken: () => this.#audience.advance('expecting', 'arrived'),
      onOver: (reason, { errors }) => {
        this.end(reason === 'complete' ? { kind: 'complete' } : refusalOf(errors));
      },
      count: ({ subgraph }, end) => {
        metrics.streams.inc({ subgraph, end });
      },
      log,
    });
  }

  join(subscriber: Subscriber): void {
    this.#audience.add(subscriber);
    this.#stream.renew();
  }

  leave(subscriber: Subscriber): void {
    this.#audience.remove(subscriber);
    if (this.#audience.isEmpty) this.#close();
  }

  /** Goes on by another plan, on another version of the graph. */
  replan(plan: LivePlan): void {
    this.#plan = plan;
    this.#stream.renew();
  }

  /** Ends it for all who follow. */
  end(ending: SubscriptionEnding): void {
    this.#close();
    this.#audience.dismiss(ending);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stream.close();
    this.#options.onEnd();
  }

  /** Only what the stream that began last brings was read after everybody came who expects something. */
  #take({ version, answer }: NextEvent, plan: LivePlan, isOfLatest: boolean): void {
    const { events } = this.#options.metrics;
    if (this.#version !== undefined && version < this.#version) {
      // From a process that is behind: it tells again when it has caught up. Who has had nothing yet asks another one.
      events.inc({ outcome: 'older' });
      if (isOfLatest && this.#audience.advance('expecting', 'arrived').length > 0) this.#stream.renew();
      return;
    }
    this.#version = version;
    if (isOfLatest) this.#audience.advance('expecting', 'due');
    if (this.#pending !== undefined) events.inc({ outcome: 'coalesced' });
    this.#pending = { event: answer, plan };
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isResolving || this.#isOver || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#resolvedAtMs + this.#options.coalesceMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#resolve();
    }, waitMs);
  }

  async #resolve(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#isResolving = true;
    this.#resolvedAtMs = performance.now();
    await this.#tell(pending, this.#audience.due());
    this.#isResolving = false;
    if (this.#pending !== undefined) this.#schedule();
  }

  async #tell({ event, plan }: Pending, newcomers: readonly Subscriber[]): Promise<void> {
    const { metrics, log } = this.#options;
    metrics.events.inc({ outcome: 'resolved' });
    let text: string;
    try {
      text = await plan.resolve(event);
    } catch (error) {
      log.error({ err: error }, 'an event of a subscription could not be resolved');
      // Those who had nothing yet wait for another stream.
      this.#audience.put(newcomers, 'arrived');
      if (newcomers.length > 0) this.#stream.renew();
      return;
    }
    const isNews = text !== this.#text;
    this.#text = text;
    this.#audience.put(newcomers, 'served');
    await this.#audience.tell(new LiveResult(text), isNews ? undefined : newcomers);
  }
}
