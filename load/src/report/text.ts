import { faultGroups } from '../audit/finding.ts';
import type { Testimony } from '../audit/testimony.ts';
import type { FaultMark } from '../faults/conduct.ts';
import { inflictionText } from '../faults/judge-faults.ts';
import type { RunOutcome } from '../run.ts';
import type { Timeline } from '../timeline.ts';

/** Findings that are printed; the rest is counted. */
const maxPrintedFindings = 20;

/** A figure and its name. */
export type Row = readonly [name: string, value: string];

function yuan(minor: bigint): string {
  return `${minor / 100n}.${String(minor % 100n).padStart(2, '0')} CNY`;
}

/** How many gifts were refused, by code: `50 (CURRENCY_MISMATCH 50)`. */
function refusals(testimony: Testimony): string {
  const codes = [...testimony.gifts.values()].flatMap((gift) =>
    gift.refusedWith === null ? [] : [gift.refusedWith],
  );
  const byCode = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => `${code} ${all.length}`);
  return codes.length === 0 ? '0' : `${codes.length} (${byCode.join(', ')})`;
}

function turnedAwayRow({ testimony, verdict }: RunOutcome): Row {
  return [
    'turned away for want of budget',
    `${testimony.turnedAway} requests; ${verdict.turnedAway} gifts that came to nothing else`,
  ];
}

/** `30 (OUTCOME_UNKNOWN 20, HTTP 0 10)`, the most frequent first; no answer at all is status 0. */
function failures({ failures: sum }: Testimony, { failureCodes }: Timeline): string {
  const byCode = [...failureCodes].toSorted(([, one], [, other]) => other - one);
  return sum === 0 ? '0' : `${sum} (${byCode.map(([code, count]) => `${code} ${count}`).join(', ')})`;
}

function moneyRow({ verdict }: RunOutcome): Row {
  if (verdict.money === null) return ['provider’s book', 'could not be read: not compared'];
  const { payments, counted, suspense } = verdict.money;
  const reasons = [...suspense].map(([reason, count]) => `${reason} ${count}`).join(', ');
  const kept = reasons === '' ? 'none in suspense' : `in suspense ${reasons}`;
  return ['provider’s book', `${payments} payments: ${counted} counted, ${kept}`];
}

export function verdictOf({
  verdict,
}: {
  readonly verdict: Pick<RunOutcome['verdict'], 'findings'>;
}): string {
  return verdict.findings.length === 0
    ? 'PROVEN: nothing lost, nothing doubled, nothing stale.'
    : `FAILED: ${verdict.findings.length} differences.`;
}

/** The verdict over several runs; `unmet` is what they should have shown beside it. */
export function headlineOf(runs: readonly Pick<RunOutcome, 'verdict'>[], unmet: readonly string[]): string {
  const findings = runs.flatMap(({ verdict }) => verdict.findings);
  if (findings.length > 0 || unmet.length === 0) return verdictOf({ verdict: { findings } });
  return `FAILED: ${unmet.join('; ')}.`;
}

/** What the auditor has compared. */
export function proofRows(run: RunOutcome): Row[] {
  const { verdict, testimony } = run;
  const count = (faults: readonly string[]) =>
    verdict.findings.filter((finding) => faults.includes(finding.fault)).length;
  return [
    ['gifts sent', String(verdict.sent)],
    ['gifts acknowledged', String(verdict.acknowledged)],
    ...faultGroups.map(([name, faults]): Row => [name, String(count(faults))]),
    ['in the ledger', `${verdict.booked} gifts, ${yuan(verdict.amount)}`],
    moneyRow(run),
    ['sent again and answered the same', String(testimony.repeats)],
    ['answers thrown away', String(testimony.discarded)],
    ['never heard of again', `${verdict.unknown.counted} counted, ${verdict.unknown.absent} not`],
    [
      'asked about by key',
      verdict.unasked === 0
        ? String(verdict.asked)
        : `${verdict.asked}; ${verdict.unasked} more were left out`,
    ],
    ['refused', refusals(testimony)],
    ...(testimony.turnedAway === 0 ? [] : [turnedAwayRow(run)]),
    [
      'readings of totals',
      testimony.liveReadings === 0
        ? String(testimony.readings)
        : `${testimony.readings}, ${testimony.liveReadings} of them live`,
    ],
  ];
}

/** How fast it was. */
export function speedRows({ verdict, summary, testimony, seconds, batches, timeline }: RunOutcome): Row[] {
  const giftMs = summary.gift_ms;
  const time: Row[] =
    giftMs === undefined
      ? []
      : [['time to acknowledge', `median ${giftMs.med.toFixed(0)} ms, p99 ${giftMs['p(99)'].toFixed(0)} ms`]];
  const dropped: Row[] = summary.dropped_iterations
    ? [['donors that k6 could not send', String(summary.dropped_iterations.count)]]
    : [];
  return [
    ['gifts per second', (verdict.acknowledged / seconds).toFixed(0)],
    ['HTTP requests per second', summary.http_reqs.rate.toFixed(0)],
    ...time,
    [
      'gifts of a campaign in one commit',
      `median ${batches.median}, at most ${batches.largest}, ${batches.commits} commits`,
    ],
    ['requests without an outcome', failures(testimony, timeline)],
    ...dropped,
  ];
}

/** `, PostgreSQL accepted connections after 1.7 s, gifts 0.1 s later` */
function databaseText({ databaseAfterMs, giftsAfterDatabaseMs }: FaultMark): string {
  if (databaseAfterMs === null) return '';
  const gifts =
    giftsAfterDatabaseMs === null
      ? 'no gift before the next fault or the end'
      : `gifts ${(giftsAfterDatabaseMs / 1_000).toFixed(1)} s later`;
  return `, PostgreSQL accepted connections after ${(databaseAfterMs / 1_000).toFixed(1)} s, ${gifts}`;
}

/** `  12.40 s  kill campaigns   gifts flowed again after 1.9 s` */
function markText(mark: FaultMark, startMs: number): Row {
  const { fault, atMs, infliction, recoveredAfterMs, silenceMs } = mark;
  const at = `${((atMs - startMs) / 1_000).toFixed(1).padStart(6)} s  ${fault.kind.name}`;
  if (infliction !== 'done') return [at, inflictionText[infliction]];
  return [
    at,
    recoveredAfterMs === null
      ? 'no gift was acknowledged afterwards'
      : `gifts flowed again after ${(recoveredAfterMs / 1_000).toFixed(1)} s, longest silence ${(silenceMs / 1_000).toFixed(1)} s${databaseText(mark)}`,
  ];
}

function render([name, value]: Row): string {
  return `  ${name.padEnd(34)} ${value}`;
}

/** What a person reads after a run: the verdict first, then the figures behind it. */
export function renderText(run: RunOutcome): string {
  const { verdict, marks, histories, startedAt } = run;
  const findings = verdict.findings
    .slice(0, maxPrintedFindings)
    .map(({ fault, subject, detail }) => `  ${fault.padEnd(13)} ${subject}: ${detail}`);
  const more = verdict.findings.length - findings.length;
  return [
    '',
    verdictOf(run),
    '',
    ...proofRows(run).map(render),
    ...speedRows(run).map(render),
    ...(marks.length > 0 ? ['', ...marks.map((mark) => render(markText(mark, startedAt.getTime())))] : []),
    '',
    ...findings,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    ...histories,
  ].join('\n');
}
