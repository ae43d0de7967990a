import type { Observation } from '../observations.ts';
import type { FaultMark } from './conduct.ts';

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
      acknowledgedAtMs.push(seen.at);
      for (const mark of marks) {
        const afterMs = seen.at - mark.atMs;
        const isSentAfter = seen.at - seen.ms >= mark.atMs;
        if (!isSentAfter) continue;
        if (mark.recoveredAfterMs === null || afterMs < mark.recoveredAfterMs)
          mark.recoveredAfterMs = afterMs;
      }
    },
    finish() {
      const lastMs = acknowledgedAtMs.reduce((latest, at) => Math.max(latest, at), 0);
      for (const [index, mark] of marks.entries()) {
        const nextMs = marks[index + 1]?.atMs ?? mark.atMs + maxWindowMs;
        mark.giftsAfterDatabaseMs = giftsAfterDatabase(mark, marks[index + 1]?.atMs);
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

/** A gift may be acknowledged a moment before the probe has looked. */
function giftsAfterDatabase(mark: FaultMark, nextAtMs: number | undefined): number | null {
  const { atMs, recoveredAfterMs, databaseAfterMs } = mark;
  if (recoveredAfterMs === null || databaseAfterMs === null) return null;
  if (nextAtMs !== undefined && atMs + recoveredAfterMs > nextAtMs) return null;
  return Math.max(0, recoveredAfterMs - databaseAfterMs);
}
