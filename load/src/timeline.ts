import type { Observation } from './observations.ts';

/** What happened in one second of a run. */
export interface Second {
  /** Of each acknowledgement: milliseconds since the gift was sent first, outages and retries and all. */
  readonly giftMs: number[];
  readonly readMs: number[];
  /** Requests without an outcome, of donors and readers. */
  failures: number;
}

/** A run second by second. */
export interface Timeline {
  readonly startMs: number;
  readonly seconds: readonly Second[];
  /** How often a request had no outcome, by its error code or HTTP status. */
  readonly failureCodes: ReadonlyMap<string, number>;
}

export interface TimelineBuilder {
  readonly timeline: Timeline;
  readonly note: (seen: Observation) => void;
}

/** Collects a timeline that begins at `startMs`; a request counts in the second in which its answer came. */
export function createTimeline(startMs: number): TimelineBuilder {
  const seconds: Second[] = [];
  const failureCodes = new Map<string, number>();
  function noteFailure(at: number, code: string): void {
    secondOf(at).failures += 1;
    failureCodes.set(code, (failureCodes.get(code) ?? 0) + 1);
  }
  function secondOf(at: number): Second {
    const index = Math.max(0, Math.floor((at - startMs) / 1_000));
    while (seconds.length <= index) seconds.push({ giftMs: [], readMs: [], failures: 0 });
    return seconds[index] ?? { giftMs: [], readMs: [], failures: 0 };
  }
  return {
    timeline: { startMs, seconds, failureCodes },
    note(seen) {
      if (seen.kind === 'counted') secondOf(seen.at).giftMs.push(seen.sinceMs);
      else if (seen.kind === 'read' && seen.isLive !== true) secondOf(seen.at).readMs.push(seen.ms);
      else if (seen.kind === 'failed') noteFailure(seen.at, seen.code || `HTTP ${seen.status}`);
      else if (seen.kind === 'unread') noteFailure(seen.at, `HTTP ${seen.status}`);
    },
  };
}

/** The value below which the given share of the values lies; undefined of none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
