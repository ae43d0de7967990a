import type { ServerResponse } from 'node:http';
import type { RequestRefused } from '../errors.ts';
import { Delivery, type Sink } from './delivery.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Session } from './session.ts';
import { LiveResult, type Subscriber, type SubscriptionEnding } from './subscriber.ts';
import type { TransportOptions } from './transport.ts';

export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies are to hand on every event at once.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};
/** How long a client may take to read the end, in milliseconds. */
const endTimeoutMs = 5_000;
const completeEvent = 'event: complete\ndata: \n\n';

function errorEvent(errors: unknown): Buffer {
  return new LiveResult(JSON.stringify({ errors })).sseEvent;
}

/** Says why a subscription does not begin. */
export function writeRefusal(response: ServerResponse, errors: unknown): void {
  response.write(errorEvent(errors));
  response.end(completeEvent);
}

/** One subscription over server-sent events, by graphql-sse's distinct connections mode. */
export class SseStream implements Subscriber, Session, Sink {
  readonly #response: ServerResponse;
  readonly #delivery: Delivery;
  readonly #metrics: LiveMetrics;
  /** Nothing may be written any longer. */
  #isOver = false;

  constructor(
    response: ServerResponse,
    { settings, metrics }: Pick<TransportOptions, 'settings' | 'metrics'>,
  ) {
    this.#response = response;
    this.#metrics = metrics;
    this.#delivery = new Delivery(this, settings, metrics);
  }

  offer(result: LiveResult): void {
    if (!this.#isOver) this.#delivery.offer(result);
  }

  end(ending: SubscriptionEnding): void {
    if (this.#isOver) return;
    if (ending.kind === 'refused') this.#response.write(errorEvent(ending.errors));
    this.#finish(completeEvent);
  }

  /** The caller is no longer known for who it was. */
  refuse({ message, extensions }: RequestRefused): void {
    this.#metrics.dropped.inc({ reason: 'token' });
    this.end({ kind: 'refused', errors: [{ message, extensions }] });
  }

  write(result: LiveResult, flushed: () => void): void {
    if (!this.#isOver) this.#response.write(result.sseEvent, flushed);
  }

  bufferedBytes(): number {
    return this.#response.writableLength;
  }

  dropSlow(): void {
    this.#metrics.dropped.inc({ reason: 'slow' });
    this.#response.destroy();
  }

  check(nowMs: number): void {
    this.#delivery.check(nowMs);
  }

  ping(): void {
    if (!this.#isOver && this.#response.writableLength === 0) this.#response.write(':\n\n');
  }

  /** Without `complete`, from which a client knows to come back. */
  goAway(): void {
    if (this.#isOver) return;
    this.#metrics.dropped.inc({ reason: 'drain' });
    this.#finish('');
  }

  #finish(last: string): void {
    this.#isOver = true;
    this.#response.end(last);
    // A client that does not read does not hold the connection either.
    const cut = setTimeout(() => this.#response.destroy(), endTimeoutMs);
    this.#response.once('close', () => {
      clearTimeout(cut);
    });
  }
}
