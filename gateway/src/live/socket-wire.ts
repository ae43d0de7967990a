import type { WebSocket } from 'ws';
import { closeCodes } from './close-codes.ts';
import type { SocketOfSubscriptions } from './socket-subscription.ts';
import type { TransportOptions } from './transport.ts';

/** How long a client may take to answer that it closes, too, in milliseconds. */
const closeTimeoutMs = 1_000;

/**
 * What goes out on one WebSocket, signs that its client is there, and its end.
 *
 * Beside results, which `Delivery` bounds, there are replies: a client gets as many as it asks for, and none may be left
 * out. So while too many bytes of them wait for it, nothing more is read from it. Pongs of the protocol itself are bounded
 * by the library.
 */
export class SocketWire implements SocketOfSubscriptions {
  readonly #socket: WebSocket;
  readonly #options: Pick<TransportOptions, 'settings' | 'metrics'>;
  /** Bytes of replies that wait for the client. */
  #replyBytes = 0;
  /** Since when too many of them wait. */
  #stalledAtMs: number | undefined;
  #hasAnswered = true;

  constructor(socket: WebSocket, options: Pick<TransportOptions, 'settings' | 'metrics' | 'log'>) {
    this.#socket = socket;
    this.#options = options;
    socket.on('pong', () => {
      this.#hasAnswered = true;
    });
    socket.on('error', (error) => {
      options.log.debug({ err: error }, 'a WebSocket failed');
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
    if (!this.isOpen) return;
    const bytes = Buffer.from(JSON.stringify(message));
    this.#replyBytes += bytes.length;
    this.#socket.send(bytes, { binary: false }, () => {
      this.#replyBytes -= bytes.length;
      if (this.#stalledAtMs !== undefined && !this.#isOwingMuch()) this.#readOn();
    });
    if (this.#stalledAtMs === undefined && this.#isOwingMuch()) this.#stall();
  }

  close(code: number, message: string, reason: string): void {
    if (!this.isOpen) return;
    this.#options.metrics.dropped.inc({ reason });
    this.#socket.close(code, message);
    setTimeout(() => {
      this.#socket.terminate();
    }, closeTimeoutMs).unref();
  }

  closeSlow(): void {
    this.close(closeCodes.slow, 'Too slow', 'slow');
  }

  /** Drops a client that has left its replies unread for too long; called from time to time. */
  check(nowMs: number): void {
    const { LIVE_MAX_STALL_MS: maxStallMs } = this.#options.settings;
    if (this.#stalledAtMs !== undefined && nowMs - this.#stalledAtMs >= maxStallMs) this.closeSlow();
  }

  /** Asks for a sign of life; drops a client that has not answered the last time. */
  ping(): void {
    if (!this.#hasAnswered) {
      this.#options.metrics.dropped.inc({ reason: 'silent' });
      this.#socket.terminate();
      return;
    }
    this.#hasAnswered = false;
    this.#socket.ping();
  }

  #isOwingMuch(): boolean {
    return this.#replyBytes > this.#options.settings.LIVE_MAX_BUFFERED_BYTES;
  }

  #stall(): void {
    this.#stalledAtMs = performance.now();
    this.#socket.pause();
  }

  #readOn(): void {
    this.#stalledAtMs = undefined;
    this.#socket.resume();
  }
}
