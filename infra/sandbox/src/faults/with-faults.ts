import { setTimeout as wait } from 'node:timers/promises';
import { Problem, type Reply } from '../http/reply.ts';
import type { Faults, Occasion } from './faults.ts';

/** How long a caller is left without an answer before the connection breaks. */
const silenceMs = 60_000;

/**
 * Does `act` with whatever faults were ordered for it: waits (`delay`), refuses before anything happens (`fail`), has it
 * declined (`decline`), or does it and keeps silent (`timeout_after_effect`).
 */
export async function withFaults(
  faults: Faults,
  occasion: Occasion,
  act: (declined: boolean) => Reply | Promise<Reply>,
): Promise<Reply> {
  const striking = faults.draw(occasion);
  if (striking.length === 0) return act(false);
  for (const { kind, delayMs, status } of striking) {
    if (kind === 'delay') await wait(delayMs, undefined, { ref: false });
    if (kind === 'fail') throw new Problem(status, 'ORDERED_FAULT', 'This failure was ordered.');
  }
  const reply = await act(striking.some(({ kind }) => kind === 'decline'));
  return striking.some(({ kind }) => kind === 'timeout_after_effect') ? { silentMs: silenceMs } : reply;
}
