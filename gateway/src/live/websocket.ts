import type { IncomingMessage } from 'node:http';
import { anonymous, isAnonymous, type Caller } from '@banyan/kit/hop';
import { CloseCode, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { RequestRefused } from '../errors.ts';
import { chargeRefused } from '../http/check-and-charge.ts';
import type { Exchange } from '../http/exchange.ts';
import { readRequest } from '../http/read-request.ts';
import { languageOf, requestIdOf } from '../http/request-headers.ts';
import { callerOf } from '../identity/caller-of.ts';
import { closeCodeOf, closeCodes } from './close-codes.ts';
import { credentialsOf } from './connection-init.ts';
import { limitOfConnection, payerOf } from './connections.ts';
import { watchIdentity } from './identity-watch.ts';
import { SubscriptionRefused } from './refused.ts';
import type { Session } from './session.ts';
import { SocketSubscription, type SocketOfSubscription } from './socket-subscription.ts';
import type { SubscriptionEnding } from './subscriber.ts';
import type { TransportOptions } from './transport.ts';

const transport = 'websocket';
/** How long a client may take to answer that it closes, too, in milliseconds. */
const closeTimeoutMs = 1_000;

/** What the client is told of a subscription that does not begin; undefined when nobody meant to say it. */
function errorsOf(error: unknown): readonly object[] | undefined {
  if (error instanceof SubscriptionRefused) return error.errors;
  if (!(error instanceof RequestRefused)) return undefined;
  const { message, extensions } = error;
  return [{ message, extensions }];
}

/**
 * One WebSocket that speaks graphql-transport-ws. The messages are the library's; its server would write every result anew for
 * each of thousands of subscribers, and knows neither slow clients nor tokens that end.
 */
export class LiveSocket implements Session, SocketOfSubscription {
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;
  /** Ends its being counted as a stranger's. */
  readonly #leaveStrangers: () => void;
  readonly #options: TransportOptions;
  readonly #subscriptions = new Map<string, SocketSubscription>();
  readonly #undo: (() => void)[] = [];
  readonly #initTimer: NodeJS.Timeout;
  #isInitialising = false;
  /** Undefined until `connection_init` is answered. */
  #caller: Caller | undefined;
  #hasAnswered = true;

  constructor(
    socket: WebSocket,
    { request, leave }: { request: IncomingMessage; leave: () => void },
    options: TransportOptions,
  ) {
    this.#socket = socket;
    this.#request = request;
    this.#leaveStrangers = leave;
    this.#options = options;
    this.#initTimer = setTimeout(() => {
      this.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout', 'init');
    }, options.settings.LIVE_INIT_TIMEOUT_MS);
    socket.on('pong', () => {
      this.#hasAnswered = true;
    });
    socket.on('error', (error) => {
      options.log.debug({ err: error }, 'a WebSocket failed');
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
      else this.#receive((data as Buffer).toString('utf8'));
    });
    socket.once('close', () => {
      this.#end();
    });
    options.sessions.add(this);
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: string, flushed?: () => void): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(message, flushed);
  }

  close(code: number, message: string, reason: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#options.metrics.dropped.inc({ reason });
    this.#socket.close(code, message);
    setTimeout(() => {
      this.#socket.terminate();
    }, closeTimeoutMs).unref();
  }

  over(id: string, ending: SubscriptionEnding): void {
    if (!this.#forget(id)) return;
    if (ending.kind === 'refused') this.#sendErrors(id, ending.errors);
    else this.send(JSON.stringify({ id, type: MessageType.Complete }));
  }

  check(nowMs: number): void {
    for (const subscription of this.#subscriptions.values()) subscription.check(nowMs);
  }

  ping(): void {
    if (!this.#hasAnswered) {
      this.#options.metrics.dropped.inc({ reason: 'silent' });
      this.#socket.terminate();
      return;
    }
    this.#hasAnswered = false;
    this.#socket.ping();
  }

  goAway(): void {
    this.close(closeCodes.serviceRestart, 'Service restart', 'drain');
  }

  #end(): void {
    clearTimeout(this.#initTimer);
    this.#options.sessions.remove(this);
    for (const id of this.#subscriptions.keys()) this.#forget(id);
    for (const each of this.#undo.splice(0)) each();
  }

  #receive(text: string): void {
    let message: ReturnType<typeof parseMessage>;
    try {
      message = parseMessage(text);
    } catch {
      this.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
      return;
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        void this.#initialise(message.payload);
        return;
      case MessageType.Subscribe:
        void this.#subscribe(message);
        return;
      case MessageType.Complete:
        this.#forget(message.id);
        return;
      case MessageType.Ping:
        this.send(JSON.stringify({ type: MessageType.Pong, payload: message.payload }));
        return;
      case MessageType.Pong:
        return;
      default:
        this.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
    }
  }

  async #initialise(payload: unknown): Promise<void> {
    const { connections, identities, settings } = this.#options;
    if (this.#isInitialising) {
      this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests', 'init');
      return;
    }
    this.#isInitialising = true;
    const credentials = credentialsOf(payload, this.#request.headers);
    if (credentials === undefined) {
      this.close(CloseCode.BadRequest, '"authorization" takes "Bearer" and the access token', 'invalid');
      return;
    }
    try {
      const caller = await callerOf(credentials, identities);
      if (!isAnonymous(caller)) {
        this.#leaveStrangers();
        this.#undo.push(connections.enter(caller, this.#options.addressOf(this.#request)));
      }
      const recheck = { identities, recheckMs: settings.LIVE_RECHECK_MS };
      this.#undo.push(
        watchIdentity({ credentials, caller }, recheck, (refusal) => {
          this.#refuse(refusal);
        }),
      );
      clearTimeout(this.#initTimer);
      this.#caller = caller;
      this.send(JSON.stringify({ type: MessageType.ConnectionAck }));
    } catch (error) {
      if (error instanceof RequestRefused) this.#refuse(this.#charged(error, this.#exchange()));
      else this.#fail(error);
    }
    // It may be closed by now.
    if (this.#socket.readyState !== this.#socket.OPEN) this.#end();
  }

  #refuse(refusal: RequestRefused): void {
    // A close frame has room for 123 bytes.
    this.close(
      closeCodeOf(refusal),
      refusal.message.slice(0, 100),
      refusal.status === 401 ? 'token' : 'full',
    );
  }

  async #subscribe({ id, payload }: SubscribeMessage): Promise<void> {
    const { hub, admit, settings, metrics } = this.#options;
    if (this.#caller === undefined) {
      this.close(CloseCode.Unauthorized, 'Unauthorized', 'init');
      return;
    }
    if (this.#subscriptions.has(id)) {
      this.close(
        CloseCode.SubscriberAlreadyExists,
        `Subscriber for ${id.slice(0, 60)} already exists`,
        'invalid',
      );
      return;
    }
    const subscription = new SocketSubscription(id, this, this.#options);
    const exchange = this.#exchange();
    try {
      if (this.#subscriptions.size >= settings.LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION)
        throw limitOfConnection(settings.LIVE_MAX_SUBSCRIPTIONS_PER_CONNECTION);
      this.#subscriptions.set(id, subscription);
      metrics.subscribers.inc({ transport });
      // Whoever asks as nobody shares what all strangers share.
      const caller = payload.extensions?.['anonymous'] === true ? anonymous : this.#caller;
      const who = { caller, requestId: exchange.requestId, language: languageOf(this.#request) };
      const operation = await admit(this.#request, exchange, readRequest({ ...payload }), who);
      // The client may have gone on meanwhile.
      if (this.#subscriptions.get(id) !== subscription) return;
      const payer = payerOf(this.#caller, this.#options.addressOf(this.#request));
      subscription.leave = hub.join(operation, subscription, payer);
    } catch (error) {
      if (this.#subscriptions.get(id) === subscription) this.#forget(id);
      const errors = errorsOf(error instanceof RequestRefused ? this.#charged(error, exchange) : error);
      if (errors === undefined) this.#fail(error);
      else this.#sendErrors(id, errors);
    }
  }

  /** One question of this socket, as far as limits and budgets look at it. */
  #exchange(): Exchange {
    const requestId = requestIdOf(this.#request);
    const known = this.#caller === undefined ? {} : { caller: this.#caller };
    return { requestId, type: 'application/json', headers: {}, ...known };
  }

  #charged(refusal: RequestRefused, exchange: Exchange): RequestRefused {
    return chargeRefused(this.#options.quotas, this.#request, exchange, refusal);
  }

  #fail(error: unknown): void {
    this.#options.log.error({ err: error }, 'a message of a WebSocket failed');
    this.close(CloseCode.InternalServerError, 'Something went wrong here. It has been noted.', 'failed');
  }

  /** @returns false when there is none of that id. */
  #forget(id: string): boolean {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return false;
    this.#subscriptions.delete(id);
    this.#options.metrics.subscribers.dec({ transport });
    subscription.leave?.();
    return true;
  }

  #sendErrors(id: string, errors: readonly object[]): void {
    this.send(JSON.stringify({ id, type: MessageType.Error, payload: errors }));
  }
}
