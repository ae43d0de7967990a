import { open } from 'node:fs/promises';
import { parseObservation } from './observations.ts';
import { percentile } from './timeline.ts';

/** How far back the live line looks. */
const windowMs = 5_000;
const maxChunkBytes = 4 * 1_024 * 1_024;

/** What goes on at this moment. */
export interface LiveFigures {
  readonly giftsPerSecond: number;
  readonly p99Ms: number | undefined;
  /** Requests without an outcome, of the window and of the whole run. */
  readonly failuresPerSecond: number;
  readonly failures: number;
  readonly acknowledged: number;
}

/** Reads a record while it is being written. */
export interface LiveRecord {
  /** Takes in what was written since the last time. A record that is not there yet is empty. */
  look(nowMs: number): Promise<LiveFigures>;
}

export function followRecord(file: string): LiveRecord {
  let position = 0;
  let rest = '';
  let recent: { at: number; ms: number | null }[] = [];
  let failures = 0;
  let acknowledged = 0;

  async function readOn(): Promise<string[]> {
    const handle = await open(file).catch(() => null);
    if (handle === null) return [];
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(maxChunkBytes), position });
      position += bytesRead;
      // Only whole lines are taken, so no character is cut in two: the record is JSON in ASCII.
      const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    } finally {
      await handle.close();
    }
  }

  return {
    async look(nowMs) {
      for (const line of await readOn()) {
        const seen = parseObservation(line);
        if (seen?.kind === 'counted' || seen?.kind === 'ordered') {
          acknowledged += 1;
          recent.push({ at: seen.at, ms: seen.kind === 'counted' ? seen.sinceMs : seen.ms });
        } else if (seen?.kind === 'failed' || seen?.kind === 'unread') {
          failures += 1;
          recent.push({ at: seen.at, ms: null });
        }
      }
      recent = recent.filter((each) => each.at >= nowMs - windowMs);
      const times = recent.flatMap(({ ms }) => (ms === null ? [] : [ms]));
      return {
        giftsPerSecond: times.length / (windowMs / 1_000),
        p99Ms: percentile(times, 0.99),
        failuresPerSecond: (recent.length - times.length) / (windowMs / 1_000),
        failures,
        acknowledged,
      };
    },
  };
}

/** `  187 gifts/s   p99   41 ms   errors 3 (0.6/s)   0:12 left` */
export function renderLive(figures: LiveFigures, secondsLeft: number): string {
  const { giftsPerSecond, p99Ms, failures, failuresPerSecond } = figures;
  const left = Math.max(0, Math.ceil(secondsLeft));
  const clock =
    left === 0 ? 'finishing' : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
  const p99 = p99Ms === undefined ? '–' : `${Math.round(p99Ms)}`;
  return [
    `${giftsPerSecond.toFixed(0).padStart(5)} gifts/s`,
    `p99 ${p99.padStart(5)} ms`,
    `errors ${failures} (${failuresPerSecond.toFixed(1)}/s)`,
    clock,
  ].join('   ');
}
