import { setTimeout as delay } from 'node:timers/promises';
import { LocalProblem } from './local-problem.ts';
import { failureOf } from './program.ts';
import type { RunningProgram } from './program.ts';

const POLL_INTERVAL_MS = 40;
const REQUEST_TIMEOUT_MS = 3_000;
const READY_TIMEOUT_MS = 60_000;

/** Whether the service at the address says that it can be used. */
async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Settles when the program says at `GET /health/ready` that it can be used. Throws a `LocalProblem` when it ends before
 * or takes longer than a minute, and the signal's reason when told to stop.
 */
export async function waitUntilReady(
  program: RunningProgram,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const end = new AbortController();
  void program.exited.then(() => {
    end.abort();
  });
  await pollUntilReady([url], AbortSignal.any([signal, end.signal]));
  signal.throwIfAborted();
  if (end.signal.aborted) throw await failureOf(program);
}

/** Settles when all the addresses are ready, or when the signal says to stop. Throws a `LocalProblem` after a minute. */
export async function pollUntilReady(urls: readonly string[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!signal.aborted) {
    const states = await Promise.all(urls.map(isReady));
    const missing = urls.filter((_url, index) => !states[index]);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new LocalProblem(
        `${missing.join(', ')} did not become ready within ${READY_TIMEOUT_MS / 1_000} seconds.`,
        'The lines above may say why; /health/ready of the service names what it misses.',
      );
    }
    await delay(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
