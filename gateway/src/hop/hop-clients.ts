import type { createAssertionMinter } from '@banyan/kit/hop';
import { ConfigError, type Logger } from '@banyan/kit/service';
import type { Config } from '../config.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { createHopClient, type HopClient } from './hop-client.ts';

/** The edge's side of the hops to all subgraphs. */
export interface HopClients {
  /**
   * The processes of a subgraph that take this kind of operation.
   * @throws ConfigError when there are none.
   */
  of(subgraph: string, isMutation: boolean): HopClient;
  /** Waits for what is under way, then closes the connections. */
  close(): Promise<void>;
}

/** One client for each subgraph, and one more where its mutations have processes of their own; made when first asked for. */
export function createHopClients(options: {
  config: Config;
  minter: Awaited<ReturnType<typeof createAssertionMinter>>;
  metrics: EdgeMetrics;
  log: Logger;
}): HopClients {
  const { config, minter, metrics, log } = options;
  const [key] = config.HOP_KEYS;
  const common = {
    key,
    minter,
    metrics,
    log,
    maxConnections: config.MAX_HOP_CONNECTIONS,
    maxWaitingOperations: config.MAX_WAITING_OPERATIONS,
    readObjectiveMs: config.READ_OBJECTIVE_MS,
  };
  const forAll = new Map<string, HopClient>();
  const forMutations = new Map<string, HopClient>();

  function make(subgraph: string, urls: readonly string[] | undefined): HopClient {
    if (urls === undefined)
      throw new ConfigError(`SUBGRAPH_URLS: ${subgraph}, which the supergraph names, has no URL.`);
    return createHopClient({ ...common, subgraph, urls });
  }

  return {
    of(subgraph, isMutation) {
      const own = isMutation ? config.MUTATION_URLS[subgraph] : undefined;
      const clients = own === undefined ? forAll : forMutations;
      const known = clients.get(subgraph);
      if (known !== undefined) return known;
      const client = make(subgraph, own ?? config.SUBGRAPH_URLS[subgraph]);
      if (own === undefined) metrics.watchReadLimit(subgraph, () => client.readLimit);
      clients.set(subgraph, client);
      return client;
    },
    async close() {
      await Promise.all([...forAll.values(), ...forMutations.values()].map((client) => client.close()));
    },
  };
}
