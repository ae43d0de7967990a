import type { IncomingMessage } from 'node:http';
import { anonymous, type Caller } from '@banyan/kit/hop';
import { CloseCode, MessageType, type SubscribeMessage } from 'graphql-ws';
import { RequestRefused } from '../errors.ts';
import { chargeRefused } from '../http/check-and-charge.ts';
import type { Exchange } from '../http/exchange.ts';
import { readRequest } from '../http/read-request.ts';
import { languageOf } from '../http/request-headers.ts';
import { limitOfConnection, payerOf } from './connections.ts';
import { SubscriptionRefused } from './refused.ts';
import { SocketSubscription, type SocketOfSubscriptions } from './socket-subscription.ts';
import type { SubscriptionEnding } from './subscriber.ts';
import type { TransportOptions } from './transport.ts';

const transport = 'websocket';

/** What the client is told of a subscription that does not begin; undefined when nobody meant to say it. */
function errorsOf(error: unknown): readonly object[] | undefined {
  if (error instanceof SubscriptionRefused) return error.errors;
  if (!(error instanceof RequestRefused)) return undefined;
  const { message, extensions } = error;
  return [{ message, extensions }];
}

/** The subscriptions of one WebSocket, by the ids that its client gives them. */
export class SocketSubscriptions {
  readonly #socket: SocketOfSubscriptions;
  readonly #request: IncomingMessage;
  readonly #options: TransportOptions;
  readonly #all = new Map<string, SocketSubscription>();

  constructor(socket: SocketOfSubscriptions, request: IncomingMessage, options: TransportOptions) {
    this.#socket = socket;
    this.#request = request;
    this.#options = options;
  }

  /** Begins one, or tells the client why not. Rejects with what nobody meant to tell it. */
  async begin({ id, payload }: SubscribeMessage, caller: Caller, exchange: Exchange): Promise<void> {
    const { hub, admit, settings, metrics, quotas } = this.#options;
    if (this.#all.has(id)) {
      const message = `Subscriber for ${id.slice(0, 60)} already exists`;
      this.#socket.close(CloseCode.SubscriberAlreadyExists, message, 'invalid');
      return;
    }
    const subscription = new SocketSubscription(id, this.#socket, this.#options, (ending) => {
      this.#over(id, ending);
    });
    try {
      if (this.#all.size >= settings.LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION)
        throw limitOfConnection(settings.LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION);
      this.#all.set(id, subscription);
      metrics.subscribers.inc({ transport });
      // Whoever asks as nobody shares what all strangers share.
      const asker = payload.extensions?.['anonymous'] === true ? anonymous : caller;
      const who = { caller: asker, requestId: exchange.requestId, language: languageOf(this.#request) };
      const operation = await admit(this.#request, exchange, readRequest({ ...payload }), who);
      // The client may have gone on meanwhile.
      if (this.#all.get(id) !== subscription) return;
      const payer = payerOf(caller, this.#options.addressOf(this.#request));
      subscription.leave = hub.join(operation, subscription, payer);
    } catch (error) {
      if (this.#all.get(id) === subscription) this.forget(id);
      const refused = error instanceof RequestRefused;
      const errors = errorsOf(refused ? chargeRefused(quotas, this.#request, exchange, error) : error);
      if (errors === undefined) throw error;
      this.#sendErrors(id, errors);
    }
  }

  /** @returns false when there is none of that id. */
  forget(id: string): boolean {
    const subscription = this.#all.get(id);
    if (subscription === undefined) return false;
    this.#all.delete(id);
    this.#options.metrics.subscribers.dec({ transport });
    subscription.leave?.();
    return true;
  }

  forgetAll(): void {
    for (const id of this.#all.keys()) this.forget(id);
  }

  check(nowMs: number): void {
    for (const subscription of this.#all.values()) subscription.check(nowMs);
  }

  /** One has come to its end at the edge. */
  #over(id: string, ending: SubscriptionEnding): void {
    if (!this.forget(id)) return;
    if (ending.kind === 'refused') this.#sendErrors(id, ending.errors);
    else this.#socket.reply({ id, type: MessageType.Complete });
  }

  #sendErrors(id: string, errors: readonly object[]): void {
    this.#socket.reply({ id, type: MessageType.Error, payload: errors });
  }
}
