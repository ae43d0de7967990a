import type { Verdict } from './audit/compare.ts';
import type { Testimony } from './audit/witness.ts';
import type { K6Summary } from './run-k6.ts';

/** Findings that are printed; the rest is counted. */
const maxPrintedFindings = 20;

function yuan(minor: bigint): string {
  return `${minor / 100n}.${String(minor % 100n).padStart(2, '0')} CNY`;
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(34)} ${value}`;
}

/** How many gifts were refused, by code: `50 (CURRENCY_MISMATCH 50)`. */
function refusals(testimony: Testimony): string {
  const codes = [...testimony.gifts.values()].flatMap((gift) =>
    gift.refusedWith === null ? [] : [gift.refusedWith],
  );
  const byCode = [...Map.groupBy(codes, (code) => code)].map(([code, all]) => `${code} ${all.length}`);
  return codes.length === 0 ? '0' : `${codes.length} (${byCode.join(', ')})`;
}

/** What a person reads after a run: the verdict first, then the figures behind it. */
export function renderReport(run: {
  verdict: Verdict;
  testimony: Testimony;
  summary: K6Summary;
  seconds: number;
}): string {
  const { verdict, testimony, summary } = run;
  const count = (faults: readonly string[]) =>
    verdict.findings.filter((finding) => faults.includes(finding.fault)).length;
  const giftMs = summary.gift_ms;
  const lines = [
    '',
    verdict.findings.length === 0
      ? 'PROVEN: nothing lost, nothing doubled, nothing stale.'
      : `FAILED: ${verdict.findings.length} differences.`,
    '',
    row('gifts acknowledged', String(verdict.acknowledged)),
    row('lost', String(count(['LOST']))),
    row('doubled', String(count(['DOUBLED']))),
    row('stale or contradictory readings', String(count(['STALE', 'CONTRADICTORY']))),
    row(
      'altered, unbalanced, wrong totals',
      String(count(['ALTERED', 'UNBALANCED', 'TOTALS_WRONG', 'GRAPH_WRONG'])),
    ),
    row('in the ledger', `${verdict.booked} gifts, ${yuan(verdict.amount)}`),
    row('sent again and answered the same', String(testimony.repeats)),
    row('never heard of again', `${verdict.unknown.counted} counted, ${verdict.unknown.absent} not`),
    row('refused', refusals(testimony)),
    row('readings of totals', String(testimony.readings)),
    row('gifts per second', (verdict.acknowledged / run.seconds).toFixed(0)),
    row('HTTP requests per second', summary.http_reqs.rate.toFixed(0)),
    ...(giftMs === undefined
      ? []
      : [
          row(
            'time to acknowledge',
            `median ${giftMs.med.toFixed(0)} ms, p99 ${giftMs['p(99)'].toFixed(0)} ms`,
          ),
        ]),
    row('retries', String(summary.gift_retries?.count ?? 0)),
    ...(summary.dropped_iterations
      ? [row('donors that k6 could not send', String(summary.dropped_iterations.count))]
      : []),
    '',
  ];
  const findings = verdict.findings
    .slice(0, maxPrintedFindings)
    .map(({ fault, subject, detail }) => `  ${fault.padEnd(13)} ${subject}: ${detail}`);
  const more = verdict.findings.length - findings.length;
  return [...lines, ...findings, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n');
}
