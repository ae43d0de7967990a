import { request } from 'undici';
import type { Endpoint } from './endpoint.ts';

const probeTimeoutMs = 1_000;
/** Between the probes of a process that serves. */
const probeIntervalMs = 1_000;
/** Before the first probe after something went wrong; doubled up to the interval. */
const firstBackOffMs = 50;

/** Probes in a row without an answer that make a process a dead one; a single one may be a long pause. */
const maxSilentProbes = 2;

type Life = 'alive' | 'closing' | 'silent' | 'gone';

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

async function ask(url: string): Promise<Life> {
  try {
    const { statusCode, headers, body } = await request(new URL('/health/live', url), {
      signal: AbortSignal.timeout(probeTimeoutMs),
    });
    await body.dump();
    if (statusCode !== 200) return 'gone';
    // A service that is about to end says so with every answer.
    return headers['connection'] === 'close' ? 'closing' : 'alive';
  } catch (error) {
    return isTimeout(error) ? 'silent' : 'gone';
  }
}

export interface Probing {
  /** Asks soon instead of at the next turn: something went wrong. */
  hurry(): void;
  stop(): void;
}

/**
 * Asks a process again and again whether it lives, so that one that hangs, ends or comes back is known for it and no client's
 * operation is the price. One that lives but is slow to answer the probe is not taken for dead as long as anything else comes
 * from it.
 */
export function probeEndpoint(endpoint: Endpoint): Probing {
  let timer: NodeJS.Timeout | undefined;
  let backOffMs = firstBackOffMs;
  let silentProbes = 0;
  let silentSinceMs = 0;
  let isHurried = false;
  let isStopped = false;

  async function probe(): Promise<void> {
    timer = undefined;
    isHurried = false;
    const beganAtMs = performance.now();
    const life = await ask(endpoint.url);
    if (life === 'silent') noteSilence(beganAtMs);
    else silentProbes = 0;
    if (life === 'alive') endpoint.alive();
    else if (life === 'closing') endpoint.closing();
    else if (life === 'gone') endpoint.gone();
    const isWell = endpoint.state === 'serving' && silentProbes === 0;
    if (isWell) backOffMs = firstBackOffMs;
    schedule(isWell ? probeIntervalMs : nextBackOff());
  }

  function noteSilence(beganAtMs: number): void {
    if (silentProbes === 0) silentSinceMs = beganAtMs;
    silentProbes += 1;
    if (silentProbes >= maxSilentProbes) endpoint.silent(silentSinceMs);
  }

  function nextBackOff(): number {
    const pauseMs = backOffMs;
    backOffMs = Math.min(backOffMs * 2, probeIntervalMs);
    return pauseMs;
  }

  function schedule(pauseMs: number): void {
    if (isStopped) return;
    timer = setTimeout(() => void probe(), pauseMs);
    timer.unref();
  }

  schedule(probeIntervalMs);
  return {
    hurry() {
      if (isHurried || timer === undefined) return;
      isHurried = true;
      clearTimeout(timer);
      schedule(nextBackOff());
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
