import { setTimeout as delay } from 'node:timers/promises';
import { timeUntilDatabaseAnswers } from './probe.ts';
import { awaitVictim, inflict, type Machinery } from './machinery.ts';
import { isOfDatabase, type Infliction, type PlannedFault } from './repertoire.ts';

/** A fault that happened, at its real time. */
export interface FaultMark {
  readonly fault: PlannedFault;
  readonly atMs: number;
  /** When it had taken effect: until then gifts flowed as before. Null of a fault that was not carried out. */
  readonly inEffectMs: number | null;
  readonly endMs: number;
  readonly infliction: Infliction;
  /** Until a gift was acknowledged that had been sent after the fault took effect; null when none was. */
  recoveredAfterMs: number | null;
  /** The longest time without an acknowledgement between this fault and the next one. */
  silenceMs: number;
  /** Of a fault of PostgreSQL: until it answered somebody new. */
  databaseAfterMs: number | null;
  /** From then until the next such gift was acknowledged; null when the next fault came first, or none came any more. */
  giftsAfterDatabaseMs: number | null;
}

const notYet = { recoveredAfterMs: null, silenceMs: 0, databaseAfterMs: null, giftsAfterDatabaseMs: null };

/** Makes planned faults happen, one after the other, from now on. */
export async function conduct(
  machinery: Machinery,
  faults: readonly PlannedFault[],
  signal: AbortSignal,
): Promise<FaultMark[]> {
  const startMs = Date.now();
  const marks: FaultMark[] = [];
  const probes: Promise<void>[] = [];
  for (const fault of faults) {
    await delay(Math.max(0, startMs + fault.atMs - Date.now()), undefined, { signal });
    await awaitVictim(machinery, fault);
    const atMs = Date.now();
    let inEffectMs: number | null = null;
    const infliction = await inflict(machinery, fault, () => {
      inEffectMs ??= Date.now();
    });
    const endMs = Date.now();
    const mark: FaultMark = { fault, atMs, inEffectMs, endMs, infliction, ...notYet };
    marks.push(mark);
    if (infliction === 'done' && isOfDatabase(fault.kind)) probes.push(probe(machinery.databaseUrl, mark));
  }
  await Promise.all(probes);
  return marks;
}

async function probe(databaseUrl: string, mark: FaultMark): Promise<void> {
  const afterMs = await timeUntilDatabaseAnswers(databaseUrl);
  mark.databaseAfterMs = afterMs === null ? null : mark.endMs - mark.atMs + afterMs;
}
