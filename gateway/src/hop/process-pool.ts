import type { HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import type { EdgeMetrics } from '../metrics.ts';
import { createBalancer } from './balancer.ts';
import { createDelivery, isEachFull } from './delivery.ts';
import { Endpoint, type EndpointChange } from './endpoint.ts';
import type { HopOutcome } from './hop-request.ts';
import type { PendingOperation } from './pending.ts';
import { probeEndpoint } from './probe-endpoint.ts';
import { createRetries } from './retries.ts';

export interface ProcessPoolOptions {
  subgraph: string;
  /** Of its processes, among which hops are spread. */
  urls: readonly string[];
  key: HopKey;
  /** Connections to each process. */
  maxConnections: number;
  metrics: EdgeMetrics;
  log: Logger;
}

export interface ProcessPool {
  /** Whether every process that takes work has as many hops as it may have. */
  readonly isFull: boolean;
  /** Sends a hop and settles all of its operations. */
  deliver(hop: readonly PendingOperation[]): Promise<void>;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}

/** The processes of a subgraph, each watched from now on. */
function watchEndpoints(
  options: ProcessPoolOptions,
  onHanging: (endpoint: Endpoint) => void,
): { endpoints: readonly Endpoint[]; hurry: (endpoint: Endpoint) => void; stop: () => void } {
  const { subgraph, metrics, log } = options;

  function onChange(endpoint: Endpoint, change: EndpointChange, cause?: Error): void {
    const { name, state } = endpoint;
    metrics.processUp.set({ subgraph, process: name }, state === 'serving' ? 1 : 0);
    // A line when it begins and a line when it ends: an outage under load would fill the log.
    const level = state === 'failing' ? 'warn' : 'info';
    log[level]({ subgraph, process: name, err: cause }, `a process of a subgraph ${change}`);
    if (change === 'does not answer') onHanging(endpoint);
  }

  const probings = new Map(
    options.urls.map((url) => {
      const endpoint = new Endpoint({ url, maxConnections: options.maxConnections, onChange });
      metrics.processUp.set({ subgraph, process: endpoint.name }, 1);
      return [endpoint, probeEndpoint(endpoint)];
    }),
  );
  return {
    endpoints: [...probings.keys()],
    hurry: (endpoint) => probings.get(endpoint)?.hurry(),
    stop() {
      for (const probing of probings.values()) probing.stop();
    },
  };
}

/** The processes of one subgraph that do the same work. */
export function createProcessPool(options: ProcessPoolOptions): ProcessPool {
  const { subgraph, key, metrics, log } = options;
  const retries = createRetries(subgraph, metrics);
  const { endpoints, hurry, stop } = watchEndpoints(options, moveAway);
  const pick = createBalancer(endpoints);
  const deliver = createDelivery({ subgraph, key, endpoints, pick, retries, note, log });

  /** What hangs in a process is asked of another as well; the first answer counts. */
  function moveAway(endpoint: Endpoint): void {
    for (const hop of endpoint.hops) {
      const tried = new Set([endpoint]);
      if (pick(tried) === undefined) return;
      void deliver(retries.choose(hop.operations), tried).then(() => {
        hop.endIfDone();
      });
    }
  }

  function note(endpoint: Endpoint, outcome: HopOutcome): void {
    metrics.hops.inc({ subgraph, process: endpoint.name, outcome: outcome.kind });
    if (outcome.kind === 'failed') hurry(endpoint);
  }

  return {
    get isFull() {
      return isEachFull(endpoints);
    },
    deliver(hop) {
      retries.count(hop);
      return deliver(hop);
    },
    async close() {
      stop();
      await Promise.all(endpoints.map((endpoint) => endpoint.connections.close()));
    },
  };
}
