import { setTimeout as delay } from 'node:timers/promises';
import { inflict, type Infliction, type Machinery } from './machinery.ts';
import type { PlannedFault } from './repertoire.ts';
import type { Observation } from '../observations.ts';

/** A fault that happened, at its real time. */
export interface FaultMark {
  readonly fault: PlannedFault;
  readonly atMs: number;
  readonly endMs: number;
  readonly infliction: Infliction;
  /** Until a gift was acknowledged that had been sent after the fault; null when none was. */
  recoveredAfterMs: number | null;
}

/** Makes planned faults happen, one after the other, from now on. */
export async function conduct(
  machinery: Machinery,
  faults: readonly PlannedFault[],
  signal: AbortSignal,
): Promise<FaultMark[]> {
  const startMs = Date.now();
  const marks: FaultMark[] = [];
  for (const fault of faults) {
    await delay(Math.max(0, startMs + fault.atMs - Date.now()), undefined, { signal });
    const atMs = Date.now();
    const infliction = await inflict(machinery, fault);
    marks.push({ fault, atMs, endMs: Date.now(), infliction, recoveredAfterMs: null });
  }
  return marks;
}

/** Finds out from the record how soon gifts flowed again after each fault. */
export function noteRecovery(marks: readonly FaultMark[], seen: Observation): void {
  if (seen.kind !== 'counted' && seen.kind !== 'ordered') return;
  for (const mark of marks) {
    const afterMs = seen.at - mark.atMs;
    if (seen.at - seen.ms < mark.atMs) continue;
    if (mark.recoveredAfterMs === null || afterMs < mark.recoveredAfterMs) mark.recoveredAfterMs = afterMs;
  }
}
