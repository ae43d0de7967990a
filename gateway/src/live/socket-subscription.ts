import { closeCodes } from './close-codes.ts';
import { Delivery, type Sink } from './delivery.ts';
import type { LiveResult, Subscriber, SubscriptionEnding } from './subscriber.ts';
import type { TransportOptions } from './transport.ts';

/** The WebSocket of a subscription. */
export interface SocketOfSubscription {
  readonly bufferedBytes: number;
  send(message: string, flushed?: () => void): void;
  close(code: number, message: string, reason: string): void;
  /** A subscription has come to its end at the edge. */
  over(id: string, ending: SubscriptionEnding): void;
}

/** One subscription among those of a WebSocket. */
export class SocketSubscription implements Subscriber {
  readonly #id: string;
  readonly #socket: SocketOfSubscription;
  readonly #delivery: Delivery;
  /** Stops following; undefined until it does. */
  leave: (() => void) | undefined;

  constructor(
    id: string,
    socket: SocketOfSubscription,
    options: Pick<TransportOptions, 'settings' | 'metrics'>,
  ) {
    this.#id = id;
    this.#socket = socket;
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    const sink: Sink = {
      // The payload is written once for all subscribers; only the id is the client's own.
      write: (result, flushed) => {
        socket.send(`${prefix}${result.text}}`, flushed);
      },
      bufferedBytes: () => socket.bufferedBytes,
      dropSlow: () => {
        socket.close(closeCodes.slow, 'Too slow', 'slow');
      },
    };
    this.#delivery = new Delivery(sink, options.settings, options.metrics);
  }

  offer(result: LiveResult): void {
    this.#delivery.offer(result);
  }

  end(ending: SubscriptionEnding): void {
    this.#socket.over(this.#id, ending);
  }

  check(nowMs: number): void {
    this.#delivery.check(nowMs);
  }
}
