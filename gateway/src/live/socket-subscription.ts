import { Delivery, type Sink } from './delivery.ts';
import type { LiveResult, Subscriber, SubscriptionEnding } from './subscriber.ts';
import type { TransportOptions } from './transport.ts';

/** The WebSocket of subscriptions. */
export interface SocketOfSubscriptions {
  readonly bufferedBytes: number;
  /** Sends a result; `Delivery` sees to it that not too many wait. */
  send(message: string, flushed: () => void): void;
  /** Sends what is no result. */
  reply(message: object): void;
  close(code: number, message: string, reason: string): void;
  /** Closes it because its client does not read. */
  closeSlow(): void;
}

/** One subscription among those of a WebSocket. */
export class SocketSubscription implements Subscriber {
  readonly #delivery: Delivery;
  readonly #ended: (ending: SubscriptionEnding) => void;
  /** Stops following; undefined until it does. */
  leave: (() => void) | undefined;

  constructor(
    id: string,
    socket: SocketOfSubscriptions,
    options: Pick<TransportOptions, 'settings' | 'metrics'>,
    ended: (ending: SubscriptionEnding) => void,
  ) {
    this.#ended = ended;
    const prefix = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    const sink: Sink = {
      // The payload is written once for all subscribers; only the id is the client's own.
      write: (result, flushed) => {
        socket.send(`${prefix}${result.text}}`, flushed);
      },
      bufferedBytes: () => socket.bufferedBytes,
      dropSlow: () => {
        socket.closeSlow();
      },
    };
    this.#delivery = new Delivery(sink, options.settings, options.metrics);
  }

  offer(result: LiveResult): void {
    this.#delivery.offer(result);
  }

  end(ending: SubscriptionEnding): void {
    this.#ended(ending);
  }

  check(nowMs: number): void {
    this.#delivery.check(nowMs);
  }
}
