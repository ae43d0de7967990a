import { anonymous, createAssertionMinter, type HopKey } from '@banyan/kit/hop';
import { createLogger, createRegistry } from '@banyan/kit/service';
import { onTestFinished } from 'vitest';
import type { SubgraphAnswer } from '../../src/hop/answer.ts';
import { createHopClient, type HopOperation } from '../../src/hop/hop-client.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createSigningKey, type SigningKey } from './keys.ts';

export interface TestHopClient {
  send: (operation: HopOperation) => Promise<SubgraphAnswer>;
  /** Sends `{ hello }` for nobody in particular, with a minute's time unless `operation` says otherwise. */
  ask: (operation?: Partial<HopOperation> & { query?: string }) => Promise<SubgraphAnswer>;
  /** Whether the process at this address takes work. */
  takesWork: (url: string) => Promise<boolean>;
  /** What it has said to the log, from `info` up. */
  said: readonly string[];
  /** A metric as Prometheus reads it. */
  metric: (name: string) => Promise<string>;
  close: () => Promise<void>;
}

/** The edge's side of the hop before the processes of the subgraph `shop`; it is closed when the test is over. */
export async function createTestHopClient(
  urls: readonly string[],
  options: { key: HopKey; assertionKey?: SigningKey; maxConnections?: number; maxWaitingOperations?: number },
): Promise<TestHopClient> {
  const registry = createRegistry('test');
  const said: string[] = [];
  const destination = { write: (line: string) => said.push((JSON.parse(line) as { msg: string }).msg) };
  const assertionKey = options.assertionKey ?? (await createSigningKey('edge-1'));
  const client = createHopClient({
    subgraph: 'shop',
    urls,
    key: options.key,
    minter: await createAssertionMinter(assertionKey.privateJwk),
    maxConnections: options.maxConnections ?? 4,
    maxWaitingOperations: options.maxWaitingOperations ?? 1_000,
    readObjectiveMs: 500,
    metrics: createMetrics(registry),
    log: createLogger({ service: 'test', level: 'info' }, destination),
  });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= client.close());
  onTestFinished(close);
  const metric = (name: string) => registry.getSingleMetricAsString(name);
  return {
    send: (operation) => client.send(operation),
    ask: ({ query = '{ hello }', ...more } = {}) =>
      client.send({
        head: JSON.stringify({ query }).slice(0, -1),
        caller: anonymous,
        requestId: 'test',
        deadlineAtMs: Date.now() + 60_000,
        ...more,
      }),
    metric,
    close,
    said,
    takesWork: async (url) =>
      (await metric('banyan_edge_process_up')).includes(
        `{subgraph="shop",process="${new URL(url).host}",service="test"} 1`,
      ),
  };
}
