import type { HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import type { EdgeMetrics } from '../metrics.ts';
import { createBalancer } from './balancer.ts';
import { Endpoint, type EndpointState } from './endpoint.ts';
import { HopFailure } from './hop-failure.ts';
import { sendHop, type HopOutcome } from './hop-request.ts';
import type { PendingOperation } from './pending.ts';
import { probeEndpoint, type Probing } from './probe-endpoint.ts';

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
  /** Sends a hop and settles all of its operations. */
  deliver(hop: readonly PendingOperation[]): Promise<void>;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}

/** The processes of one subgraph that do the same work. */
export function createProcessPool(options: ProcessPoolOptions): ProcessPool {
  const { subgraph, metrics, log } = options;
  const probings = new Map<Endpoint, Probing>();
  let failing = false;

  function onState({ name }: Endpoint, state: EndpointState): void {
    metrics.processUp.set({ subgraph, process: name }, state === 'serving' ? 1 : 0);
    log[state === 'failing' ? 'warn' : 'info']({ subgraph, process: name, state }, 'a process of a subgraph');
  }

  for (const url of options.urls) {
    const endpoint = new Endpoint({ url, maxConnections: options.maxConnections, onState });
    metrics.processUp.set({ subgraph, process: endpoint.name }, 1);
    probings.set(endpoint, probeEndpoint(endpoint));
  }
  const endpoints = [...probings.keys()];
  const pick = createBalancer(endpoints);

  function note(endpoint: Endpoint, outcome: HopOutcome): void {
    metrics.hops.inc({ subgraph, process: endpoint.name, outcome: outcome.kind });
    if (outcome.kind === 'failed') {
      if (!outcome.wasSent) endpoint.become('failing');
      probings.get(endpoint)?.hurry();
    }
    // Once when it begins and once when it ends: an outage under load would fill the log.
    if (outcome.kind === 'failed' && !failing) log.warn({ err: outcome.failure, subgraph }, 'hops fail');
    if (outcome.kind === 'answered' && failing) log.info({ subgraph }, 'hops are answered again');
    failing = outcome.kind === 'failed';
  }

  return {
    /** One process after the other until one takes it: what was never sent has surely not been run. */
    async deliver(hop) {
      const tried = new Set<Endpoint>();
      let failure = new HopFailure('unavailable', false, `No process of ${subgraph} answers.`);
      for (let endpoint = pick(tried); endpoint !== undefined; endpoint = pick(tried)) {
        tried.add(endpoint);
        const unanswered = hop.filter((operation) => !operation.done);
        const outcome = await sendHop({ subgraph, endpoint, key: options.key }, unanswered);
        note(endpoint, outcome);
        if (outcome.kind === 'answered') return;
        failure = outcome.failure;
        if (outcome.wasSent) break;
      }
      for (const operation of hop) operation.settle(failure);
    },
    async close() {
      for (const probing of probings.values()) probing.stop();
      await Promise.all(endpoints.map((endpoint) => endpoint.connections.close()));
    },
  };
}
