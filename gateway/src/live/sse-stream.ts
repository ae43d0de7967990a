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

  constructor(
    response: ServerResponse,
    { settings, metrics }: Pick<TransportOptions, 'settings' | 'metrics'>,
  ) {
    this.#response = response;
    this.#metrics = metrics;
    this.#delivery = new Delivery(this, settings, metrics);
  }

  offer(result: LiveResult): void {
    this.#delivery.offer(result);
  }

  end(ending: SubscriptionEnding): void {
    if (ending.kind === 'refused') this.#response.write(errorEvent(ending.errors));
    this.#response.end(completeEvent);
  }

  /** The caller is no longer known for who it was. */
  refuse({ message, extensions }: RequestRefused): void {
    this.#metrics.dropped.inc({ reason: 'token' });
    this.end({ kind: 'refused', errors: [{ message, extensions }] });
  }

  write(result: LiveResult, flushed: () => void): void {
    this.#response.write(result.sseEvent, flushed);
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
    if (this.#response.writableLength === 0) this.#response.write(':\n\n');
  }

  /** Without `complete`, from which a client knows to come back. */
  goAway(): void {
    this.#metrics.dropped.inc({ reason: 'drain' });
    this.#response.end();
  }
}
