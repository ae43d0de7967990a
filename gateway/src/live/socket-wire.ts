import type { WebSocket } from 'ws';
import type { SocketOfSubscriptions } from './socket-subscription.ts';
import type { TransportOptions } from './transport.ts';

/** How long a client may take to answer that it closes, too, in milliseconds. */
const closeTimeoutMs = 1_000;

/** What goes out on one WebSocket, signs that its client is there, and its end. */
export class SocketWire implements SocketOfSubscriptions {
  readonly #socket: WebSocket;
  readonly #metrics: TransportOptions['metrics'];
  #hasAnswered = true;

  constructor(socket: WebSocket, { metrics, log }: Pick<TransportOptions, 'metrics' | 'log'>) {
    this.#socket = socket;
    this.#metrics = metrics;
    socket.on('pong', () => {
      this.#hasAnswered = true;
    });
    socket.on('error', (error) => {
      log.debug({ err: error }, 'a WebSocket failed');
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: string, flushed: () => void): void {
    if (this.isOpen) this.#socket.send(message, flushed);
  }

  reply(message: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  close(code: number, message: string, reason: string): void {
    if (!this.isOpen) return;
    this.#metrics.dropped.inc({ reason });
    this.#socket.close(code, message);
    setTimeout(() => {
      this.#socket.terminate();
    }, closeTimeoutMs).unref();
  }

  /** Asks for a sign of life; drops a client that has not answered the last time. */
  ping(): void {
    if (!this.#hasAnswered) {
      this.#drop('silent');
      return;
    }
    this.#hasAnswered = false;
    this.#socket.ping();
  }

  /** Ends it for a client that would not read why. */
  #drop(reason: string): void {
    this.#metrics.dropped.inc({ reason });
    this.#socket.terminate();
  }
}
