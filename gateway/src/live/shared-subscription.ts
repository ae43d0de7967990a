import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '@banyan/kit/service';
import type { FetchAnswer, FetchError } from '../engine/subgraph-call.ts';
import type { StreamEvent } from '../hop/subscription-stream.ts';
import type { LiveMetrics } from './metrics.ts';
import { StreamSwitch } from './stream-switch.ts';
import { LiveResult, type Subscriber, type SubscriptionEnding } from './subscriber.ts';

/** Subscribers that are told in one turn of the event loop; there may be thousands, and others wait for their answers. */
const maxTellingsPerTurn = 500;

/** An operation that is followed, planned on one version of the graph. */
export interface LivePlan {
  readonly subgraph: string;
  /** The stream of its events. */
  open(signal: AbortSignal): AsyncGenerator<StreamEvent>;
  /** JSON text of the result of one event. */
  resolve(event: FetchAnswer): Promise<string>;
}

export interface SharedSubscriptionOptions {
  plan: LivePlan;
  /** Events within this time are one. */
  coalesceMs: number;
  metrics: LiveMetrics;
  log: Logger;
  /** Called once, when nobody follows any longer. */
  onEnd(): void;
}

/**
 * How far a subscriber is. `arrived`: waits for a stream that begins after it came. `expecting`: that stream has begun. `due`:
 * its first event is there. `served`: it had a result.
 */
type Progress = 'arrived' | 'expecting' | 'due' | 'served';

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
  readonly #subscribers = new Map<Subscriber, Progress>();
  #plan: LivePlan;
  #version: bigint | undefined;
  #text: string | undefined;
  /** The newest event, until it is resolved. */
  #pending: FetchAnswer | undefined;
  #isResolving = false;
  #resolvedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: SharedSubscriptionOptions) {
    this.#options = options;
    this.#plan = options.plan;
    const { coalesceMs, metrics, log } = options;
    this.#stream = new StreamSwitch({
      open: (signal) => this.#plan.open(signal),
      gapMs: coalesceMs,
      onBegin: () => this.#advance('arrived', 'expecting'),
      onEvent: (event) => {
        this.#take(event);
      },
      onBroken: () => this.#advance('expecting', 'arrived'),
      onOver: (reason, { errors }) => {
        this.end(reason === 'complete' ? { kind: 'complete' } : refusalOf(errors));
      },
      count: (end) => {
        metrics.streams.inc({ subgraph: this.#plan.subgraph, end });
      },
      log,
    });
  }

  join(subscriber: Subscriber): void {
    this.#subscribers.set(subscriber, 'arrived');
    this.#stream.renew();
  }

  leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#close();
  }

  /** Goes on by another plan, on another version of the graph. */
  replan(plan: LivePlan): void {
    this.#plan = plan;
    this.#stream.renew();
  }

  /** Ends it for all who follow. */
  end(ending: SubscriptionEnding): void {
    const all = [...this.#subscribers.keys()];
    this.#close();
    for (const subscriber of all) subscriber.end(ending);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stream.close();
    this.#options.onEnd();
  }

  /** @returns those who went from one stage to the other. */
  #advance(from: Progress, to: Progress): Subscriber[] {
    const moved: Subscriber[] = [];
    for (const [subscriber, progress] of this.#subscribers) {
      if (progress !== from) continue;
      this.#subscribers.set(subscriber, to);
      moved.push(subscriber);
    }
    return moved;
  }

  #take({ version, answer }: Extract<StreamEvent, { kind: 'next' }>): void {
    const { events } = this.#options.metrics;
    if (this.#version !== undefined && version < this.#version) {
      // From a process that is behind: it tells again when it has caught up. Who has had nothing yet asks another one.
      events.inc({ outcome: 'older' });
      if (this.#advance('expecting', 'arrived').length > 0) this.#stream.renew();
      return;
    }
    this.#version = version;
    this.#advance('expecting', 'due');
    if (this.#pending !== undefined) events.inc({ outcome: 'coalesced' });
    this.#pending = answer;
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
    const event = this.#pending;
    if (event === undefined) return;
    this.#pending = undefined;
    this.#isResolving = true;
    this.#resolvedAtMs = performance.now();
    const newcomers = [...this.#subscribers].filter(([, progress]) => progress === 'due');
    await this.#tell(
      event,
      newcomers.map(([subscriber]) => subscriber),
    );
    this.#isResolving = false;
    if (this.#pending !== undefined) this.#schedule();
  }

  async #tell(event: FetchAnswer, newcomers: readonly Subscriber[]): Promise<void> {
    const { metrics, log } = this.#options;
    metrics.events.inc({ outcome: 'resolved' });
    let text: string;
    try {
      text = await this.#plan.resolve(event);
    } catch (error) {
      log.error({ err: error }, 'an event of a subscription could not be resolved');
      this.#again(newcomers);
      return;
    }
    const isNews = text !== this.#text;
    this.#text = text;
    const result = new LiveResult(text);
    for (const subscriber of newcomers)
      if (this.#subscribers.has(subscriber)) this.#subscribers.set(subscriber, 'served');
    const served = isNews ? [...this.#subscribers.keys()] : newcomers;
    for (const [index, subscriber] of served.entries()) {
      if (this.#subscribers.get(subscriber) === 'served') subscriber.offer(result);
      if (index % maxTellingsPerTurn === maxTellingsPerTurn - 1) await nextTurn();
    }
  }

  /** Those who had nothing yet wait for another stream. */
  #again(newcomers: readonly Subscriber[]): void {
    for (const subscriber of newcomers)
      if (this.#subscribers.has(subscriber)) this.#subscribers.set(subscriber, 'arrived');
    if (newcomers.length > 0) this.#stream.renew();
  }
}
