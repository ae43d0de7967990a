import { Pool } from 'undici';

const connectTimeoutMs = 1_000;
const idleConnectionMs = 30_000;

/**
 * What a process of a subgraph is good for. `serving`: takes work. `closing`: said that it is about to end, and takes work only
 * where there is no other. `failing`: does not answer, and gets nothing until it does.
 */
export type EndpointState = 'serving' | 'closing' | 'failing';

/** One process of a subgraph, with the connections to it. */
export class Endpoint {
  readonly url: string;
  /** Host and port, as logs and metrics name it. */
  readonly name: string;
  readonly connections: Pool;
  /** Operations that were sent to it and whose hop is not over. */
  underWay = 0;
  /** When a byte last came from it, by the monotonic clock. */
  heardAtMs = 0;
  readonly #onState: (endpoint: Endpoint, state: EndpointState) => void;
  #state: EndpointState = 'serving';

  constructor(options: {
    url: string;
    maxConnections: number;
    onState: (endpoint: Endpoint, state: EndpointState) => void;
  }) {
    this.url = options.url;
    this.name = new URL(options.url).host;
    this.#onState = options.onState;
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

  /** Told once for each change. */
  become(state: EndpointState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(this, state);
  }

  /** Takes note of a sign of life. */
  heard(): void {
    this.heardAtMs = performance.now();
  }
}
