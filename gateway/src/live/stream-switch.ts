import type { Logger } from '@banyan/kit/service';
import type { FetchAnswer } from '../engine/subgraph-call.ts';
import type { StreamEvent } from '../hop/subscription-stream.ts';
import { pauseAfter } from './back-off.ts';
import type { LivePlan } from './live-plan.ts';

type NextEvent = Extract<StreamEvent, { kind: 'next' }>;

export interface StreamSwitchOptions {
  /** What streams are opened by at the moment. */
  plan(): LivePlan;
  /** The least time between two openings that did not fail. */
  gapMs: number;
  /** A stream is opened now. */
  onBegin(): void;
  /**
   * @param plan what the event's stream was opened by.
   * @param isOfLatest whether that is the stream that began last.
   */
  onEvent(event: NextEvent, plan: LivePlan, isOfLatest: boolean): void;
  /** A stream ended before it brought anything. */
  onBroken(): void;
  /** There will be no more streams. */
  onOver(reason: 'refused' | 'complete', answer: FetchAnswer): void;
  count(plan: LivePlan, end: string): void;
  log: Logger;
}

/** A stream, and what it was opened by. */
interface OpenStream {
  readonly plan: LivePlan;
  readonly stop: AbortController;
}

/**
 * Keeps a stream open: when it ends or breaks, another is opened, after growing pauses while that fails. A stream that is to be
 * renewed goes on until the new one has brought its first event.
 */
export class StreamSwitch {
  readonly #options: StreamSwitchOptions;
  /** The stream that events come from. */
  #current: OpenStream | undefined;
  /** The stream that has not brought anything yet. */
  #opening: OpenStream | undefined;
  #isWanted = false;
  #failuresInRow = 0;
  #openedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: StreamSwitchOptions) {
    this.#options = options;
  }

  /** Opens a stream anew: soon, and once however often it is asked for meanwhile. */
  renew(): void {
    this.#isWanted = true;
    if (this.#opening !== undefined || this.#timer !== undefined || this.#isClosed) return;
    const pauseMs = this.#failuresInRow > 0 ? pauseAfter(this.#failuresInRow) : this.#options.gapMs;
    const waitMs = Math.max(0, this.#openedAtMs + pauseMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, waitMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#current?.stop.abort();
    this.#opening?.stop.abort();
  }

  async #run(): Promise<void> {
    const own: OpenStream = { plan: this.#options.plan(), stop: new AbortController() };
    const { signal } = own.stop;
    this.#opening = own;
    this.#isWanted = false;
    this.#openedAtMs = performance.now();
    this.#options.onBegin();
    let end = 'failed';
    try {
      for await (const event of own.plan.open(signal)) {
        if (signal.aborted) break;
        if (event.kind === 'next') this.#next(own, event);
        else end = this.#end(event);
      }
    } catch (error) {
      // There may be thousands of streams in an outage: the figures tell of it, and hops log it once.
      if (!signal.aborted) this.#options.log.debug({ err: error }, 'a stream broke off');
    }
    this.#options.count(own.plan, signal.aborted && end === 'failed' ? 'replaced' : end);
    if (!this.#isClosed) this.#over(own, end);
  }

  #next(own: OpenStream, event: NextEvent): void {
    const isFirst = this.#opening === own;
    if (isFirst) {
      this.#opening = undefined;
      this.#current?.stop.abort();
      this.#current = own;
      this.#failuresInRow = 0;
    }
    this.#options.onEvent(event, own.plan, this.#opening === undefined);
    if (isFirst && this.#isWanted) this.renew();
  }

  #end({ reason, answer }: Extract<StreamEvent, { kind: 'end' }>): string {
    if (reason === 'refused' || reason === 'complete') {
      this.close();
      this.#options.onOver(reason, answer);
    }
    return reason;
  }

  #over(own: OpenStream, end: string): void {
    if (this.#opening === own) {
      this.#opening = undefined;
      this.#failuresInRow += 1;
      this.#options.onBroken();
    } else if (this.#current === own) {
      this.#current = undefined;
      if (end === 'failed') this.#failuresInRow += 1;
      // One that is being opened takes its place.
      if (this.#opening !== undefined) return;
    } else {
      // Another stream has taken its place.
      return;
    }
    this.renew();
  }
}
