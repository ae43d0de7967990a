import type { Observation } from '../observations.ts';
import type { FaultMark } from './conduct.ts';
import { probeEveryMs } from './probe.ts';

/** How far after the last fault silences are looked for. */
const maxWindowMs = 15_000;

/** Finds out from the record how soon gifts flowed again after each fault. */
export function watchRecoveries(marks: readonly FaultMark[]): {
  note(seen: Observation): void;
  /** Writes what was found into the marks. */
  finish(): void;
} {
  const acknowledgedAtMs: number[] = [];

  return {
    note(seen) {
      if (seen.kind !== 'counted' && seen.kind !== 'ordered') return;
      // Who asks what became of a gift is told by a database that reads and takes nothing, too.
      if (seen.kind === 'counted' && seen.isQuestion === true) return;
      acknowledgedAtMs.push(seen.at);
      for (const mark of marks) {
        const { atMs, inEffectMs, databaseAfterMs } = mark;
        if (inEffectMs === null || seen.at - seen.ms < inEffectMs) continue;
        mark.recoveredAfterMs = earlier(mark.recoveredAfterMs, seen.at - atMs);
        if (databaseAfterMs === null) continue;
        const sinceDatabaseMs = seen.at - (atMs + databaseAfterMs);
        // A gift may be acknowledged a moment before the probe has looked; an earlier one says nothing of what came then.
        if (sinceDatabaseMs < -probeEveryMs) continue;
        mark.giftsAfterDatabaseMs = earlier(mark.giftsAfterDatabaseMs, Math.max(0, sinceDatabaseMs));
      }
    },
    finish() {
      const lastMs = acknowledgedAtMs.reduce((latest, at) => Math.max(latest, at), 0);
      for (const [index, mark] of marks.entries()) {
        const nextMs = marks[index + 1]?.atMs ?? mark.atMs + maxWindowMs;
        if (cameFirst(marks[index + 1], mark)) mark.giftsAfterDatabaseMs = null;
        const endMs = Math.min(nextMs, lastMs);
        mark.silenceMs = longestSilence(acknowledgedAtMs, mark.atMs, endMs);
      }
    },
  };
}

/** The longest time without any of the moments, from one time to another. */
function longestSilence(moments: readonly number[], fromMs: number, toMs: number): number {
  const within = moments.filter((at) => at >= fromMs && at <= toMs).toSorted((one, other) => one - other);
  let longestMs = 0;
  let lastMs = fromMs;
  for (const at of [...within, toMs]) {
    longestMs = Math.max(longestMs, at - lastMs);
    lastMs = at;
  }
  return longestMs;
}

function earlier(known: number | null, ms: number): number {
  return known === null ? ms : Math.min(known, ms);
}

/** Whether the next fault came before a gift was acknowledged. */
function cameFirst(next: FaultMark | undefined, mark: FaultMark): boolean {
  const { atMs, databaseAfterMs, giftsAfterDatabaseMs } = mark;
  if (next === undefined || databaseAfterMs === null || giftsAfterDatabaseMs === null) return false;
  return atMs + databaseAfterMs + giftsAfterDatabaseMs > next.atMs;
}
