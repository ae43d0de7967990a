import type { ReadinessCheck } from '@banyan/kit/service';
import { request } from 'undici';
import type { EdgeMetrics } from './metrics.ts';

const probeTimeoutMs = 1_000;

/** @throws when this process is not ready. */
async function probe(url: string): Promise<void> {
  const { statusCode, body } = await request(new URL('/health/ready', url), {
    signal: AbortSignal.timeout(probeTimeoutMs),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${url} answered with status ${statusCode}.`);
}

/** Whether one of them can be had; the first decides, and nobody waits for those that hang. */
function isAny(those: readonly Promise<unknown>[]): Promise<boolean> {
  return Promise.any(those).then(
    () => true,
    () => false,
  );
}

/**
 * The edge is ready while at least one subgraph is. One that is down degrades a screen and shows in the metrics; were it to
 * take the edge out, it would take out the other four as well. With none there is nothing to serve. One that hangs is waited
 * for no more than one that is down: what balances gives up on an edge that is slow to say that it is ready.
 */
export function createSubgraphsCheck(
  urls: Readonly<Record<string, readonly string[]>>,
  metrics: EdgeMetrics,
): ReadinessCheck {
  async function check(subgraph: string, processes: readonly string[]): Promise<void> {
    const isUp = await isAny(processes.map(probe));
    metrics.subgraphUp.set({ subgraph }, isUp ? 1 : 0);
    if (!isUp) throw new Error(`${subgraph} is not ready.`);
  }

  return async () => {
    const isReady = await isAny(Object.entries(urls).map((each) => check(...each)));
    if (!isReady) throw new Error('No subgraph is ready.');
  };
}
