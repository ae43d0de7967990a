import { Counter, Gauge, type Registry } from 'prom-client';

export type LiveMetrics = ReturnType<typeof createLiveMetrics>;

/** The figures of subscriptions. */
export function createLiveMetrics(registry: Registry) {
  const registers = [registry];
  return {
    subscribers: new Gauge({
      name: 'banyan_edge_live_subscribers',
      help: 'Subscriptions of clients, by transport.',
      labelNames: ['transport'],
      registers,
    }),
    upstreams: new Gauge({
      name: 'banyan_edge_live_upstreams',
      help: 'Different subscriptions that are followed at subgraphs; what the same ones share is counted once.',
      registers,
    }),
    streams: new Counter({
      name: 'banyan_edge_live_streams_total',
      help: 'Streams from subgraphs that have ended, by why: renew, drain, refused, complete, replaced, or failed.',
      labelNames: ['subgraph', 'end'],
      registers,
    }),
    events: new Counter({
      name: 'banyan_edge_live_events_total',
      help: 'Events from subgraphs: resolved, coalesced with the next one, or older than what is known.',
      labelNames: ['outcome'],
      registers,
    }),
    results: new Counter({
      name: 'banyan_edge_live_results_total',
      help: 'Results for subscribers: sent, or coalesced because the client is slow.',
      labelNames: ['outcome'],
      registers,
    }),
    dropped: new Counter({
      name: 'banyan_edge_live_dropped_total',
      help: 'Connections and subscriptions that the edge has closed, by why.',
      labelNames: ['reason'],
      registers,
    }),
  };
}
