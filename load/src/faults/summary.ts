import { faultGroups } from '../audit/finding.ts';
import type { FaultMark } from './conduct.ts';
import { repeatsOf, unmetDemands, type JudgedPart } from './demands.ts';
import type { PlannedFault } from './repertoire.ts';

/** The worst of a kind of fault. */
function worst(marks: readonly FaultMark[]): string {
  const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
  if (marks.some((mark) => mark.recoveredAfterMs === null)) return 'once no gift afterwards';
  const recovered = Math.max(...marks.map((mark) => mark.recoveredAfterMs ?? 0));
  const silence = Math.max(...marks.map((mark) => mark.silenceMs));
  return `gifts again after ${seconds(recovered)}, silence ${seconds(silence)} at most`;
}

/** How soon gifts flowed once PostgreSQL was back, over all its faults. */
function afterDatabase(marks: readonly FaultMark[]): string[] {
  const back = marks.filter(({ databaseAfterMs }) => databaseAfterMs !== null);
  const after = back.flatMap(({ giftsAfterDatabaseMs: ms }) => (ms === null ? [] : [ms]));
  if (back.length === 0) return [];
  const unmeasured = back.length - after.length;
  const worstMs = after.length === 0 ? undefined : Math.max(...after);
  return [
    '',
    worstMs === undefined
      ? '  PostgreSQL was back, and no gift was acknowledged before the next fault or the end'
      : `  gifts flowed at most ${(worstMs / 1_000).toFixed(1)} s after PostgreSQL accepted connections, ${after.length} times` +
        (unmeasured === 0 ? '' : `; ${unmeasured} times none came before the next fault or the end`),
  ];
}

/** All legs of a fault run together: what was sent, what befell it, what was found. */
export function renderSummary(
  seed: string,
  plan: readonly PlannedFault[],
  outcomes: readonly JudgedPart[],
): string {
  const sum = (figure: (outcome: JudgedPart) => number) =>
    outcomes.reduce((total, outcome) => total + figure(outcome), 0);
  const findings = outcomes.flatMap(({ verdict }) => verdict.findings);
  const sent = sum(({ verdict }) => verdict.sent);
  const { requests, share } = repeatsOf(outcomes);
  const marks = outcomes.flatMap((outcome) => outcome.marks);
  const byKind = [...Map.groupBy(marks, ({ fault }) => fault.kind.name)].map(([name, all]) => {
    const met = all.filter(({ infliction }) => infliction === 'done');
    return `  ${name.padEnd(22)} ${String(met.length).padStart(3)} times   ${met.length === 0 ? '' : worst(met)}`;
  });
  const done = marks.filter(({ infliction }) => infliction === 'done').length;
  const reasons = [
    ...(findings.length === 0 ? [] : [`${findings.length} differences`]),
    ...unmetDemands(plan, outcomes),
  ];
  return [
    '',
    reasons.length === 0
      ? `PROVEN over ${done} faults (seed ${seed}): nothing lost, nothing doubled, nothing stale.`
      : `FAILED (seed ${seed}): ${reasons.join('; ')}.`,
    '',
    `  ${sent} gifts in ${requests} requests, ${Math.floor(share * 100)} % of them repeats; ` +
      `${sum(({ verdict }) => verdict.acknowledged)} acknowledged, ${sum(({ testimony }) => testimony.readings)} readings`,
    `  ${faultGroups
      .map(([name, faults]) => `${name} ${findings.filter(({ fault }) => faults.includes(fault)).length}`)
      .join(', ')}`,
    `  never heard of again: ${sum(({ verdict }) => verdict.unknown.counted)} counted, ` +
      `${sum(({ verdict }) => verdict.unknown.absent)} not`,
    '',
    ...byKind,
    ...afterDatabase(marks),
  ].join('\n');
}
