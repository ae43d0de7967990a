import { Pool } from 'undici';
import type { PendingOperation } from './pending.ts';

const connectTimeoutMs = 1_000;
const idleConnectionMs = 30_000;
/** Hops of a process that may fail in a row before it gets no more. */
const maxFailuresInRow = 5;
/** How long a process gets nothing after so many failures: the first time, and at most. */
const firstRestMs = 250;
const maxRestMs = 4_000;

/**
 * What a process of a subgraph is good for. `serving`: takes work. `closing`: said that it is about to end, and takes work only
 * where there is no other. `failing`: gets nothing. `trial`: failed at its work, though it lives; gets one hop, which decides.
 */
export type EndpointState = 'serving' | 'closing' | 'trial' | 'failing';

/** Why a process changed its state. */
export type EndpointChange =
  | 'cannot be reached'
  | 'does not answer'
  | 'fails at its work'
  | 'is about to end'
  | 'gets a trial'
  | 'is back';

export interface EndpointOptions {
  url: string;
  maxConnections: number;
  /** Told once for each change of state. */
  onChange(endpoint: Endpoint, change: EndpointChange, cause?: Error): void;
}

/** A hop that was sent and is not over. */
export interface HopUnderWay {
  readonly operations: readonly PendingOperation[];
  /** Ends it when nobody waits for its answer any longer. */
  endIfDone(): void;
}

/** One process of a subgraph: the connections to it, and the circuit breaker before them. */
export class Endpoint {
  readonly url: string;
  /** Host and port, as logs and metrics name it. */
  readonly name: string;
  readonly connections: Pool;
  readonly hops = new Set<HopUnderWay>();
  /** Operations in `hops`. */
  underWay = 0;
  readonly #maxHops: number;
  readonly #onChange: EndpointOptions['onChange'];
  #state: EndpointState = 'serving';
  #heardAtMs = 0;
  #failuresInRow = 0;
  #restMs = firstRestMs;
  #restsUntilMs = 0;
  /** When the breaker opened the last time. */
  #openedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: EndpointOptions) {
    this.url = options.url;
    this.name = new URL(options.url).host;
    this.#maxHops = options.maxConnections;
    this.#onChange = options.onChange.bind(options);
    this.connections = new Pool(new URL(options.url).origin, {
      connections: options.maxConnections,
      connectTimeout: connectTimeoutMs,
      keepAliveTimeout: idleConnectionMs,
      // The deadlines of the operations decide; see watchDeadlines.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get state(): EndpointState {
    return this.#state;
  }

  /** Whether it has as many hops as it may have. */
  get isFull(): boolean {
    return this.hops.size >= (this.#state === 'trial' ? 1 : this.#maxHops);
  }

  begin(hop: HopUnderWay): void {
    this.hops.add(hop);
    this.underWay += hop.operations.length;
  }

  end(hop: HopUnderWay): void {
    if (this.hops.delete(hop)) this.underWay -= hop.operations.length;
  }

  /** A byte came from it. */
  heard(): void {
    this.#heardAtMs = performance.now();
  }

  /** A hop was answered. */
  succeeded(): void {
    this.#failuresInRow = 0;
    this.#restMs = firstRestMs;
    if (this.#state === 'trial') this.#become('serving', 'is back');
  }

  /**
   * A hop that it took was not answered. One that began before the breaker opened says nothing new when it fails: whatever else
   * was under way then fails by the same fault.
   */
  failed(cause: Error, beganAtMs: number): void {
    if (beganAtMs <= this.#openedAtMs) return;
    this.#failuresInRow += 1;
    if (this.#state !== 'trial' && this.#failuresInRow < maxFailuresInRow) return;
    this.#openedAtMs = performance.now();
    this.#restsUntilMs = this.#openedAtMs + this.#restMs;
    this.#restMs = Math.min(this.#restMs * 2, maxRestMs);
    this.#become('failing', 'fails at its work', cause);
  }

  /** Nothing could be sent to it. */
  unreachable(cause: Error): void {
    this.#become('failing', 'cannot be reached', cause);
  }

  /** Nobody answered a probe there as a process of ours does. */
  gone(): void {
    this.#become('failing', 'cannot be reached');
  }

  /** It has answered no probe since `sinceMs`: it hangs, unless anything else was heard of it. */
  silent(sinceMs: number): void {
    if (this.#heardAtMs < sinceMs) this.#become('failing', 'does not answer');
  }

  /** It answered a probe. */
  alive(): void {
    if (this.#state === 'closing') this.#become('serving', 'is back');
    if (this.#state !== 'failing' || performance.now() < this.#restsUntilMs) return;
    const failedAtWork = this.#failuresInRow >= maxFailuresInRow;
    this.#become(failedAtWork ? 'trial' : 'serving', failedAtWork ? 'gets a trial' : 'is back');
  }

  /** It said that it is about to end. */
  closing(): void {
    this.#become('closing', 'is about to end');
  }

  #become(state: EndpointState, change: EndpointChange, cause?: Error): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(this, change, cause);
  }
}
