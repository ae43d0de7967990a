import type { LiveMetrics } from './metrics.ts';
import type { LiveSettings } from './settings.ts';
import type { LiveResult } from './subscriber.ts';

/** The connection of a subscriber. */
export interface Sink {
  /** Calls `flushed` when the bytes have left this process, or cannot any more. */
  write(result: LiveResult, flushed: () => void): void;
  /** Bytes that wait here for the client. */
  bufferedBytes(): number;
  /** Closes the connection of a client that does not read. */
  dropSlow(): void;
}

type Limits = Pick<LiveSettings, 'LIVE_MAX_BUFFERED_BYTES' | 'LIVE_MAX_STALL_MS'>;

/**
 * Results on their way to one client. While more waits for it than the bound, only the newest result is kept; a client for
 * which that lasts is dropped, so that nobody's slowness costs more than the bound and one result.
 */
export class Delivery {
  readonly #sink: Sink;
  readonly #limits: Limits;
  readonly #metrics: LiveMetrics;
  #waiting: LiveResult | undefined;
  #stalledAtMs: number | undefined;

  constructor(sink: Sink, limits: Limits, metrics: LiveMetrics) {
    this.#sink = sink;
    this.#limits = limits;
    this.#metrics = metrics;
  }

  offer(result: LiveResult): void {
    if (this.#isStalled()) {
      if (this.#waiting !== undefined) this.#metrics.results.inc({ outcome: 'coalesced' });
      this.#waiting = result;
      this.#stalledAtMs ??= performance.now();
      return;
    }
    this.#write(result);
  }

  /** Drops the client when it has been too slow for too long; called from time to time. */
  check(nowMs: number): void {
    this.#flush();
    if (this.#stalledAtMs === undefined || nowMs - this.#stalledAtMs < this.#limits.LIVE_MAX_STALL_MS) return;
    this.#waiting = undefined;
    this.#stalledAtMs = undefined;
    this.#sink.dropSlow();
  }

  #isStalled(): boolean {
    return this.#sink.bufferedBytes() > this.#limits.LIVE_MAX_BUFFERED_BYTES;
  }

  #write(result: LiveResult): void {
    this.#waiting = undefined;
    this.#stalledAtMs = undefined;
    this.#metrics.results.inc({ outcome: 'sent' });
    this.#sink.write(result, () => {
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#waiting !== undefined && !this.#isStalled()) this.#write(this.#waiting);
  }
}
