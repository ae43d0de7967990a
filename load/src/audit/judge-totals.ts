import type { SeenTotals } from '../observations.ts';
import type { BookedTotals } from './books.ts';
import type { Finding } from './finding.ts';
import type { Testimony } from './testimony.ts';

function show({ version, raised, count }: SeenTotals): string {
  return `${raised} in ${count} gifts at version ${version}`;
}

/** What others know of a campaign's totals. */
export interface ShownTotals {
  /** What the graph showed after the books were read. */
  graph: SeenTotals | undefined;
  /** The row's version after that: others may give meanwhile. */
  versionAfter: bigint | undefined;
  /** The newest that the load was shown. */
  newest: SeenTotals | undefined;
}

function isWithin(row: SeenTotals, { graph, versionAfter }: ShownTotals): boolean {
  if (graph === undefined || graph.version < row.version) return false;
  if (graph.version > row.version) return graph.version <= (versionAfter ?? row.version);
  return graph.raised === row.raised && graph.count === row.count;
}

/** A campaign's totals: the row, the postings, the graph, and the newest that the load was shown. */
export function* judgeTotals(totals: BookedTotals, shown: ShownTotals): Generator<Finding> {
  const { campaignId: subject, row, recomputed } = totals;
  const { graph, newest } = shown;
  if (row.raised !== recomputed.raised || row.count !== recomputed.count) {
    const detail = `the row says ${show(row)}, the postings ${recomputed.raised} in ${recomputed.count} gifts`;
    yield { fault: 'TOTALS_WRONG', subject, detail };
  }
  if (!isWithin(row, shown)) {
    const detail = `the row says ${show(row)}, the graph ${graph ? show(graph) : 'nothing'}`;
    yield { fault: 'GRAPH_WRONG', subject, detail };
  }
  if (newest !== undefined && newest.version > row.version) {
    yield { fault: 'LOST', subject, detail: `the load was shown ${show(newest)}, the row says ${show(row)}` };
  }
}

/** What readers were shown: no history goes back, and no version has two sums. */
export function* judgeReadings({ stale, contradictory }: Testimony): Generator<Finding> {
  for (const { campaignId: subject, atLeastVersion, shown, reader } of stale) {
    const detail = `${reader ?? 'a reader'} was shown ${show(shown)} after version ${atLeastVersion} was known`;
    yield { fault: 'STALE', subject, detail, ...(reader !== null && { reader }) };
  }
  for (const { campaignId: subject, one, other } of contradictory) {
    yield { fault: 'CONTRADICTORY', subject, detail: `shown ${show(one)}, and ${show(other)}` };
  }
}
