import type { RunOutcome } from '../run.ts';
import type { FaultMark } from './conduct.ts';
import { isOfDatabase, type PlannedFault } from './repertoire.ts';

/** A part of a fault run, judged. */
export type JudgedPart = Pick<RunOutcome, 'verdict' | 'testimony' | 'marks'>;

/** Of the requests to give. */
const minRepeatShare = 0.2;
const maxGiftsAfterDatabaseMs = 5_000;

/** How many requests to give there were, and which share of them sent a gift that had been sent before. */
export function repeatsOf(parts: readonly JudgedPart[]): { requests: number; share: number } {
  const requests = parts.reduce((sum, { testimony }) => sum + testimony.giftRequests, 0);
  const sent = parts.reduce((sum, { verdict }) => sum + verdict.sent, 0);
  return { requests, share: requests === 0 ? 0 : (requests - sent) / requests };
}

/** What a fault run has not shown that it must show, beside a verdict without findings; a line each. */
export function unmetDemands(plan: readonly PlannedFault[], parts: readonly JudgedPart[]): string[] {
  const marks = parts.flatMap((part) => part.marks);
  return [
    ...unmetRepeats(parts),
    ...unmetKinds(plan, marks),
    ...parts.flatMap((part) => part.marks.flatMap((mark, index) => slowReturn(mark, part.marks[index + 1]))),
  ];
}

function unmetRepeats(parts: readonly JudgedPart[]): string[] {
  const { share } = repeatsOf(parts);
  if (share >= minRepeatShare) return [];
  const percent = (part: number) => `${Math.floor(part * 100)} %`;
  return [
    `${percent(share)} of the requests to give were repeats, and at least ${percent(minRepeatShare)} are demanded`,
  ];
}

function unmetKinds(plan: readonly PlannedFault[], marks: readonly FaultMark[]): string[] {
  const met = new Set(
    marks.filter(({ infliction }) => infliction === 'done').map(({ fault }) => fault.kind.name),
  );
  const unmet = new Set(plan.map(({ kind }) => kind.name).filter((name) => !met.has(name)));
  return unmet.size === 0 ? [] : [`never met: ${[...unmet].join(', ')}`];
}

/** Whether gifts took too long to flow again once PostgreSQL was back. */
function slowReturn(mark: FaultMark, next: FaultMark | undefined): string[] {
  const { fault, infliction, atMs, databaseAfterMs, recoveredAfterMs, giftsAfterDatabaseMs } = mark;
  if (infliction !== 'done' || !isOfDatabase(fault.kind)) return [];
  const after = `after ${fault.kind.name}`;
  if (databaseAfterMs === null) return [`${after} PostgreSQL did not accept connections within a minute`];
  if (recoveredAfterMs === null || (giftsAfterDatabaseMs === null && next === undefined))
    return [`${after} no gift was acknowledged any more`];
  // Where the next fault came first, nobody knows how long it would have taken, but that it took so long at least.
  const leastMs = giftsAfterDatabaseMs ?? (next?.atMs ?? atMs) - (atMs + databaseAfterMs);
  if (leastMs <= maxGiftsAfterDatabaseMs) return [];
  const took = `${giftsAfterDatabaseMs === null ? 'more than ' : ''}${(leastMs / 1_000).toFixed(1)} s`;
  return [
    `${after} gifts took ${took} from when PostgreSQL accepted connections, and ${maxGiftsAfterDatabaseMs / 1_000} s are demanded`,
  ];
}
