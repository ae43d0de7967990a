import type { ReadinessCheck } from '@banyan/kit/service';
import { request } from 'undici';
import type { EdgeMetrics } from './metrics.ts';

const probeTimeoutMs = 1_000;

async function probe(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(new URL('/health/ready', url), {
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

/**
 * The edge is ready while at least one subgraph is. One that is down degrades a screen and shows in the metrics; were it to
 * take the edge out, it would take out the other four as well. With none there is nothing to serve.
 */
export function createSubgraphsCheck(
  urls: Readonly<Record<string, readonly string[]>>,
  metrics: EdgeMetrics,
): ReadinessCheck {
  return async () => {
    const states = await Promise.all(
      Object.entries(urls).map(async ([subgraph, processes]) => {
        const up = (await Promise.all(processes.map(probe))).some(Boolean);
        metrics.subgraphUp.set({ subgraph }, up ? 1 : 0);
        return up;
      }),
    );
    if (!states.some(Boolean)) throw new Error('No subgraph is ready.');
  };
}
