import type { Pool } from 'pg';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { queryOrigin } from './operation-scope.ts';

/** Where a finished query is counted. */
export interface QueryMetrics {
  observe(outcome: 'ok' | 'error', durationMs: number): void;
}

/** Registers the metrics of one process's database, or finds them when the registry has them already. */
export function createQueryMetrics(registry: Registry, pool: Pool): QueryMetrics {
  const registers = [registry];
  const total =
    (registry.getSingleMetric('banyan_db_queries_total') as Counter<'outcome' | 'origin'> | undefined) ??
    new Counter({
      name: 'banyan_db_queries_total',
      help: 'Database queries by outcome, and by whether a client’s operation caused them.',
      labelNames: ['outcome', 'origin'],
      registers,
    });
  const duration =
    (registry.getSingleMetric('banyan_db_query_seconds') as Histogram | undefined) ??
    new Histogram({
      name: 'banyan_db_query_seconds',
      help: 'Time from sending a query to its whole answer.',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
  if (!registry.getSingleMetric('banyan_db_connections')) {
    new Gauge({
      name: 'banyan_db_connections',
      help: 'Connections of the pool by state; waiting are callers without one.',
      labelNames: ['state'],
      registers,
      collect() {
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }
  return {
    observe: (outcome, durationMs) => {
      total.inc({ outcome, origin: queryOrigin() });
      duration.observe(durationMs / 1000);
    },
  };
}
