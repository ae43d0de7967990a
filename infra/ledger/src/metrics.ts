import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** What a committer tells about itself. */
export interface CommitterMetrics {
  readonly batchRows: Histogram;
  readonly commitSeconds: Histogram;
  readonly retries: Counter<'reason'>;
  readonly unknown: Counter;
  readonly refused: Counter<'reason'>;
}

/** Registers the metrics of one committer; `queueRows` is asked at every scrape. */
export function createCommitterMetrics(
  registry: Registry | undefined,
  queueRows: () => number,
): CommitterMetrics {
  const registers = registry ? [registry] : [];
  new Gauge({
    name: 'ledger_queue_rows',
    help: 'Transfers that wait for a batch',
    registers,
    collect() {
      this.set(queueRows());
    },
  });
  return {
    batchRows: new Histogram({
      name: 'ledger_batch_rows',
      help: 'Transfers in one committed batch',
      buckets: [1, 4, 16, 64, 256, 1024, 4096],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'ledger_commit_seconds',
      help: 'From sending a batch to its commit',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    retries: new Counter({
      name: 'ledger_retries_total',
      help: 'Batches sent again, by SQLSTATE or "connection"; "split" when a bad row was looked for',
      labelNames: ['reason'],
      registers,
    }),
    unknown: new Counter({
      name: 'ledger_outcome_unknown_total',
      help: 'Callers that were told that the outcome is unknown',
      registers,
    }),
    refused: new Counter({
      name: 'ledger_refused_total',
      help: 'Callers that were turned away without effect',
      labelNames: ['reason'],
      registers,
    }),
  };
}
