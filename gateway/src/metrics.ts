import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type EdgeMetrics = ReturnType<typeof createMetrics>;

/** Of the way to the subgraphs. */
function createHopMetrics(registers: Registry[]) {
  const readLimits = new Map<string, () => number>();
  new Gauge({
    name: 'banyan_edge_read_limit',
    help: 'Reads that may be under way to a subgraph at once at the moment, as the time that they take allows.',
    labelNames: ['subgraph'],
    registers,
    collect() {
      for (const [subgraph, limit] of readLimits) this.set({ subgraph }, limit());
    },
  });
  return {
    watchReadLimit: (subgraph: string, limit: () => number) => readLimits.set(subgraph, limit),
    hops: new Counter({
      name: 'banyan_edge_hops_total',
      help: 'HTTP requests to subgraphs, by process and by how they ended.',
      labelNames: ['subgraph', 'process', 'outcome'],
      registers,
    }),
    retries: new Counter({
      name: 'banyan_edge_retries_total',
      help: 'Reads that failed in one process and could go to another: those that were sent, and those beyond the budget.',
      labelNames: ['subgraph', 'outcome'],
      registers,
    }),
    unknownOutcomes: new Counter({
      name: 'banyan_edge_unknown_outcomes_total',
      help: 'Mutations that were sent and of which the edge does not know whether they took effect.',
      labelNames: ['subgraph'],
      registers,
    }),
    withoutRoom: new Counter({
      name: 'banyan_edge_hops_without_room_total',
      help: 'Operations that were told OVERLOADED because there was no room to wait for their subgraph.',
      labelNames: ['subgraph'],
      registers,
    }),
    hopSeconds: new Histogram({
      name: 'banyan_edge_hop_seconds',
      help: 'Time from when an operation for a subgraph is ready until its answer is there.',
      labelNames: ['subgraph'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    hopOperations: new Histogram({
      name: 'banyan_edge_hop_operations',
      help: 'Operations that travel in one hop.',
      labelNames: ['subgraph'],
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    }),
    joinedReads: new Counter({
      name: 'banyan_edge_joined_reads_total',
      help: 'Operations that were not sent, since one that asked the same in the same name was about to leave.',
      labelNames: ['subgraph'],
      registers,
    }),
  };
}

/** Of who answers there. */
function createProcessMetrics(registers: Registry[]) {
  return {
    processUp: new Gauge({
      name: 'banyan_edge_process_up',
      help: 'Whether a process of a subgraph takes work: 0 while it does not answer or is about to end.',
      labelNames: ['subgraph', 'process'],
      registers,
    }),
    subgraphUp: new Gauge({
      name: 'banyan_edge_subgraph_up',
      help: 'Whether any process of a subgraph was ready when the edge was last asked for its readiness.',
      labelNames: ['subgraph'],
      registers,
    }),
  };
}

/** Of what is kept. */
function createCopyMetrics(registers: Registry[]) {
  let bytes = () => ({ fetch: 0, answer: 0 });
  new Gauge({
    name: 'banyan_edge_copies_bytes',
    help: 'Memory of copies of fetches and of whole answers, in bytes at most.',
    labelNames: ['of'],
    registers,
    collect() {
      for (const [of, taken] of Object.entries(bytes())) this.set({ of }, taken);
    },
  });
  return {
    watchCopyBytes: (now: typeof bytes) => {
      bytes = now;
    },
    copies: new Counter({
      name: 'banyan_edge_copies_total',
      help: 'Fetches (by entity) and whole answers that copies could serve: found, missing, shared with others, or passed by.',
      labelNames: ['of', 'outcome'],
      registers,
    }),
    changes: new Counter({
      name: 'banyan_edge_changes_total',
      help: 'Changes of objects that a subgraph has told of, each of which makes copies useless.',
      labelNames: ['subgraph'],
      registers,
    }),
  };
}

/** The edge's own figures, beside those of every service. */
export function createMetrics(registry: Registry) {
  const registers = [registry];
  return {
    operations: new Counter({
      name: 'banyan_edge_operations_total',
      help: 'Requests for an operation, by what came of it: data, partial, errors, or refused before it ran.',
      labelNames: ['outcome'],
      registers,
    }),
    ...createHopMetrics(registers),
    ...createProcessMetrics(registers),
    ...createCopyMetrics(registers),
  };
}
