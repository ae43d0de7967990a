import { faultGroups } from '../audit/finding.ts';
import type { FaultMark } from '../faults/conduct.ts';
import { inflictionText } from '../faults/judge-faults.ts';
import { environmentFigures } from '../figures.ts';
import type { RunOutcome } from '../run.ts';
import { percentile, type Second } from '../timeline.ts';
import { escapeText, renderChart, type Band } from './chart.ts';
import { style } from './style.ts';
import { headlineOf, proofRows, speedRows, verdictOf, type Row } from './text.ts';

const maxFindings = 50;

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><td class="name">${escapeText(name)}</td><td>${escapeText(value)}</td></tr>`,
  );
  return `<table>${lines.join('')}</table>`;
}

function tile(value: string, name: string, mood = ''): string {
  return `<div class="tile ${mood}"><b>${escapeText(value)}</b><span>${escapeText(name)}</span></div>`;
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? 'never' : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function bandsOf({ marks, startedAt }: RunOutcome): Band[] {
  const at = (milliseconds: number) => (milliseconds - startedAt.getTime()) / 1_000;
  return marks.map(({ atMs, endMs }, index) => ({
    fromSecond: at(atMs),
    toSecond: at(endMs),
    label: String(index + 1),
  }));
}

/** Second by second as the other charts; the larger of two samples of one second. */
function queueOf({ queueRows, startedAt, timeline }: RunOutcome): (number | null)[] {
  const values: (number | null)[] = timeline.seconds.map(() => null);
  for (const { atMs, rows } of queueRows) {
    const second = Math.floor((atMs - startedAt.getTime()) / 1_000);
    if (second < values.length) values[second] = Math.max(rows, values[second] ?? 0);
  }
  return values;
}

function charts(run: RunOutcome): string {
  const bands = bandsOf(run);
  const each = (figure: (second: Second) => number | null) => run.timeline.seconds.map(figure);
  const share = (of: 'giftMs' | 'readMs', part: number) =>
    each((second) => percentile(second[of], part) ?? null);
  return [
    renderChart({
      title: 'Acknowledgements',
      unit: 'per second',
      series: [
        { name: 'gifts, repeats and all', style: 'area one', values: each(({ giftMs }) => giftMs.length) },
      ],
      bands,
    }),
    renderChart({
      title: 'Time to acknowledge',
      unit: 'milliseconds since the donor sent first, outages and retries and all',
      series: [
        { name: 'median', style: 'four', values: share('giftMs', 0.5) },
        { name: '95 %', style: 'two', values: share('giftMs', 0.95) },
        { name: '99 %', style: 'three', values: share('giftMs', 0.99) },
      ],
      bands,
    }),
    renderChart({
      title: 'Requests without an outcome',
      unit: 'per second; donors try again with the same key',
      series: [{ name: 'requests', style: 'area three', values: each(({ failures }) => failures) }],
      bands,
    }),
    renderChart({
      title: 'Readers of the total',
      unit: 'milliseconds',
      series: [
        { name: 'median', style: 'four', values: share('readMs', 0.5) },
        { name: '99 %', style: 'three', values: share('readMs', 0.99) },
      ],
      bands,
    }),
    ...(run.queueRows.length > 0
      ? [
          renderChart({
            title: 'Queue of the ledger',
            unit: 'transfers that wait for a batch, asked once a second',
            series: [{ name: 'transfers', style: 'area one', values: queueOf(run) }],
            bands,
          }),
        ]
      : []),
  ].join('\n');
}

function faultTable(marks: readonly FaultMark[], startMs: number): string {
  if (marks.length === 0) return '';
  const lines = marks.map(
    (
      { fault, atMs, infliction, recoveredAfterMs, silenceMs, databaseAfterMs, giftsAfterDatabaseMs },
      index,
    ) => {
      const cells = [
        String(index + 1),
        `${((atMs - startMs) / 1_000).toFixed(1)} s`,
        fault.kind.name,
        infliction === 'done' ? seconds(recoveredAfterMs) : inflictionText[infliction],
        infliction === 'done' ? seconds(silenceMs) : '',
        databaseAfterMs === null ? '' : seconds(databaseAfterMs),
        giftsAfterDatabaseMs === null ? '' : seconds(giftsAfterDatabaseMs),
      ];
      return `<tr>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}</tr>`;
    },
  );
  return `<h2>Faults</h2><table><tr><th></th><th>at</th><th>what</th><th>until a gift sent after it took effect was acknowledged</th><th>longest time without any</th><th>until PostgreSQL accepted connections</th><th>gifts after that</th></tr>${lines.join('')}</table>`;
}

function findingsOf({ verdict, histories }: RunOutcome): string {
  if (verdict.findings.length === 0) return '';
  const lines = verdict.findings
    .slice(0, maxFindings)
    .map(({ fault, subject, detail }) => `${fault.padEnd(14)} ${subject}: ${detail}`);
  return `<h2>Differences</h2><pre>${escapeText([...lines, '', ...histories].join('\n'))}</pre>`;
}

function databaseRows({ database, batches, verdict }: RunOutcome): Row[] {
  if ('unread' in database) return [['PostgreSQL', database.unread]];
  const perGift =
    verdict.booked === 0 ? '' : `, ${Math.round(database.walBytes / verdict.booked)} bytes a gift`;
  return [
    ['PostgreSQL', database.version],
    ['write-ahead log of the run', `${(database.walBytes / 2 ** 20).toFixed(1)} MiB${perGift}`],
    ['size of the campaigns database', `${(database.sizeBytes / 2 ** 20).toFixed(0)} MiB`],
    ['commits that counted gifts', String(batches.commits)],
    ...Object.entries(database.settings).filter(([, value]) => value !== ''),
  ];
}

function section(run: RunOutcome, heading: string): string {
  return `${heading}
${findingsOf(run)}
${charts(run)}
${faultTable(run.marks, run.startedAt.getTime())}
<div class="columns"><div><h2>What was compared</h2>${table(proofRows(run))}</div>
<div><h2>Speed</h2>${table(speedRows(run))}<h2>Database</h2>${table(databaseRows(run))}</div></div>`;
}

function summaryTiles(runs: readonly RunOutcome[]): string {
  const sum = (figure: (run: RunOutcome) => number) => runs.reduce((total, run) => total + figure(run), 0);
  const findings = runs.flatMap(({ verdict }) => verdict.findings);
  const faults = sum((run) => run.marks.length);
  const p99 = Math.max(0, ...runs.map(({ summary }) => summary.gift_ms?.['p(99)'] ?? 0));
  return [
    tile(String(sum(({ verdict }) => verdict.acknowledged)), 'gifts acknowledged'),
    ...faultGroups.map(([, kinds, short]) => {
      const count = findings.filter(({ fault }) => kinds.includes(fault)).length;
      return tile(String(count), short, count === 0 ? 'good' : 'bad');
    }),
    tile(String(sum(({ testimony }) => testimony.readings)), 'readings of totals'),
    tile(`${p99.toFixed(0)} ms`, runs.length > 1 ? 'p99 to acknowledge, worst part' : 'p99 to acknowledge'),
    ...(faults > 0 ? [tile(String(faults), faults === 1 ? 'fault' : 'faults')] : []),
  ].join('');
}

/** What a report is about. */
export interface ReportSubject {
  readonly title: string;
  readonly says: string;
  /** What the runs should have shown beside a verdict without findings. */
  readonly unmet?: readonly string[];
}

/** Runs and their judgement as one page that needs nothing else: the verdict first. */
export function renderHtml({ title, says, unmet = [] }: ReportSubject, runs: readonly RunOutcome[]): string {
  const [first] = runs;
  if (first === undefined) throw new Error('a report is about at least one run');
  const headline = headlineOf(runs, unmet);
  const parts = runs.map((run, index) =>
    section(run, runs.length > 1 ? `<h2>Part ${index + 1}: ${escapeText(verdictOf(run))}</h2>` : ''),
  );
  const { rate, startedAt } = first;
  const time = runs.reduce((total, run) => total + run.seconds, 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Banyan: ${escapeText(title)}</title><style>${style}</style></head><body>
<h1>Banyan · ${escapeText(title)}</h1>
<div class="verdict ${headline.startsWith('FAILED') ? 'bad' : 'good'}">${escapeText(headline)}
<small>${escapeText(`${says}; ${rate} gifts a second at the peak, ${time} s, ${startedAt.toISOString()}`)}</small></div>
<div class="tiles">${summaryTiles(runs)}</div>
${parts.join('\n')}
<h2>Environment</h2>${table(Object.entries(environmentFigures()))}
<footer>What this proves and what it does not stands in docs/proof.md.</footer>
</body></html>
`;
}
