import { setTimeout as delay } from 'node:timers/promises';
import { timeUntilDatabaseAnswers } from './probe.ts';
import { awaitVictim, inflict, type Machinery } from './machinery.ts';
import { isOfDatabase, type Infliction, type PlannedFault } from './repertoire.ts';

/** A fault that happened, at its real time. */
export interface FaultMark {
  readonly fault: PlannedFault;
  readonly atMs: number;
  readonly endMs: number;
  readonly infliction: Infliction;
  /** Until a gift was acknowledged that had been sent after the fault; null when none was. */
  recoveredAfterMs: number | null;
  /** The longest time without an acknowledgement between this fault and the next one. */
  silenceMs: number;
  /** Of a fault of PostgreSQL: until it answered somebody new. */
  databaseAfterMs: number | null;
  /** From then until a gift was acknowledged that had been sent after the fault; null when the next fault came first. */
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
    const infliction = await inflict(machinery, fault);
    const endMs = Date.now();
    const mark: FaultMark = { fault, atMs, endMs, infliction, ...notYet };
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
