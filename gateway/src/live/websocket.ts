import type { IncomingMessage } from 'node:http';
import { isAnonymous, type Caller } from '@banyan/kit/hop';
import { CloseCode, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { RequestRefused } from '../errors.ts';
import { chargeRefused } from '../http/check-and-charge.ts';
import type { Exchange } from '../http/exchange.ts';
import { requestIdOf } from '../http/request-headers.ts';
import { callerOf } from '../identity/caller-of.ts';
import { closeCodeOf, closeCodes } from './close-codes.ts';
import { credentialsOf } from './connection-init.ts';
import { watchIdentity } from './identity-watch.ts';
import type { Session } from './session.ts';
import { SocketSubscriptions } from './socket-subscriptions.ts';
import { SocketWire } from './socket-wire.ts';
import type { TransportOptions } from './transport.ts';

/**
 * One WebSocket that speaks graphql-transport-ws. The messages are the library's; its server would write every result anew for
 * each of thousands of subscribers, and knows neither slow clients nor tokens that end.
 */
export class LiveSocket implements Session {
  readonly #wire: SocketWire;
  readonly #request: IncomingMessage;
  /** Ends its being counted as a stranger's. */
  readonly #leaveStrangers: () => void;
  readonly #options: TransportOptions;
  readonly #subscriptions: SocketSubscriptions;
  readonly #undo: (() => void)[] = [];
  readonly #initTimer: NodeJS.Timeout;
  #isInitialising = false;
  /** Undefined until `connection_init` is answered. */
  #caller: Caller | undefined;

  constructor(
    socket: WebSocket,
    { request, leave }: { request: IncomingMessage; leave: () => void },
    options: TransportOptions,
  ) {
    this.#wire = new SocketWire(socket, options);
    this.#request = request;
    this.#leaveStrangers = leave;
    this.#options = options;
    this.#subscriptions = new SocketSubscriptions(this.#wire, request, options);
    this.#initTimer = setTimeout(() => {
      this.#wire.close(
        CloseCode.ConnectionInitialisationTimeout,
        'Connection initialisation timeout',
        'init',
      );
    }, options.settings.LIVE_INIT_TIMEOUT_MS);
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#wire.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
      else this.#receive((data as Buffer).toString('utf8'));
    });
    socket.once('close', () => {
      this.#end();
    });
    options.sessions.add(this);
  }

  check(nowMs: number): void {
    this.#wire.check(nowMs);
    this.#subscriptions.check(nowMs);
  }

  ping(): void {
    this.#wire.ping();
  }

  goAway(): void {
    this.#wire.close(closeCodes.serviceRestart, 'Service restart', 'drain');
  }

  #end(): void {
    clearTimeout(this.#initTimer);
    this.#options.sessions.remove(this);
    this.#subscriptions.forgetAll();
    for (const each of this.#undo.splice(0)) each();
  }

  #receive(text: string): void {
    let message: ReturnType<typeof parseMessage>;
    try {
      message = parseMessage(text);
    } catch {
      this.#wire.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
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
        this.#subscriptions.forget(message.id);
        return;
      case MessageType.Ping:
        this.#wire.reply({ type: MessageType.Pong, payload: message.payload });
        return;
      case MessageType.Pong:
        return;
      default:
        this.#wire.close(CloseCode.BadRequest, 'Invalid message received', 'invalid');
    }
  }

  async #initialise(payload: unknown): Promise<void> {
    const { connections, identities, settings, quotas } = this.#options;
    if (this.#isInitialising) {
      this.#wire.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests', 'init');
      return;
    }
    this.#isInitialising = true;
    const credentials = credentialsOf(payload, this.#request.headers);
    if (credentials === undefined) {
      this.#wire.close(
        CloseCode.BadRequest,
        '"authorization" takes "Bearer" and the access token',
        'invalid',
      );
      return;
    }
    try {
      const caller = await callerOf(credentials, identities, this.#request);
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
      this.#wire.reply({ type: MessageType.ConnectionAck });
    } catch (error) {
      if (error instanceof RequestRefused)
        this.#refuse(chargeRefused(quotas, this.#request, this.#exchange(), error));
      else this.#fail(error);
    }
    // It may be closed by now.
    if (!this.#wire.isOpen) this.#end();
  }

  #refuse(refusal: RequestRefused): void {
    // A close frame has room for 123 bytes.
    this.#wire.close(
      closeCodeOf(refusal),
      refusal.message.slice(0, 100),
      refusal.status === 401 ? 'token' : 'full',
    );
  }

  async #subscribe(message: SubscribeMessage): Promise<void> {
    if (this.#caller === undefined) {
      this.#wire.close(CloseCode.Unauthorized, 'Unauthorized', 'init');
      return;
    }
    try {
      await this.#subscriptions.begin(message, this.#caller, this.#exchange());
    } catch (error) {
      this.#fail(error);
    }
  }

  /** One question of this socket, as far as limits and budgets look at it. */
  #exchange(): Exchange {
    const requestId = requestIdOf(this.#request);
    const known = this.#caller === undefined ? {} : { caller: this.#caller };
    return { requestId, type: 'application/json', headers: {}, ...known };
  }

  #fail(error: unknown): void {
    this.#options.log.error({ err: error }, 'a message of a WebSocket failed');
    this.#wire.close(
      CloseCode.InternalServerError,
      'Something went wrong here. It has been noted.',
      'failed',
    );
  }
}
