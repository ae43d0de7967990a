import { hotCampaign, people } from '@banyan/seed';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBooks } from './audit/books.ts';
import { compare, type Verdict } from './audit/compare.ts';
import { createTestimony, testify, type SeenVersions, type Testimony } from './audit/witness.ts';
import { findCampaign, findLiveCampaigns, GraphUnavailable, readGraphTotals } from './graph.ts';
import { readObservations } from './observations.ts';
import { renderReport } from './report.ts';
import { runK6 } from './run-k6.ts';

/** A system to load, and what is needed to judge it. */
export interface Target {
  graphUrl: string;
  /** Where sign-in codes can be read; without it all donors are guests. */
  sandboxUrl: string | undefined;
  /** Database of the campaigns subgraph, for the auditor. */
  databaseUrl: string;
}

export interface SurgeOptions {
  target: Target;
  k6Path: string;
  seconds: number;
  /** Gifts a second at the peak. */
  rate: number;
  onProgress: (line: string) => void;
}

/** Donors who sign in before the surge. */
const signedInDonors = 20;
const campaignsBeside = 20;

async function pickCampaigns(graphUrl: string): Promise<string[]> {
  const hot = await findCampaign(graphUrl, hotCampaign.slug);
  const live = await findLiveCampaigns(graphUrl, campaignsBeside);
  const ids = [...new Set([...(hot === undefined ? [] : [hot]), ...live])];
  if (ids.length === 0) throw new GraphUnavailable('The graph has no live campaign to give to.');
  return ids;
}

/** Another part of the cast each time, so that two surges in a row do not ask for codes twice. */
function pickPhones(): string[] {
  const start = Math.floor(Math.random() * (people.length - signedInDonors));
  return people.slice(start, start + signedInDonors).map((person) => person.phone);
}

async function gatherTestimony(recordFile: string): Promise<Testimony> {
  const testimony = createTestimony();
  const versions: SeenVersions = new Map();
  for await (const seen of readObservations(recordFile)) testify(testimony, versions, seen);
  return testimony;
}

/** Loads the system, then judges what became of every gift. */
export async function surge(options: SurgeOptions): Promise<{ verdict: Verdict; report: string }> {
  const { target, seconds, rate } = options;
  const folder = await mkdtemp(join(tmpdir(), 'banyan-surge-'));
  const runId = randomBytes(6).toString('hex');
  try {
    const campaignIds = await pickCampaigns(target.graphUrl);
    const { recordFile, summary } = await runK6({
      k6Path: options.k6Path,
      script: join(import.meta.dirname, '../k6/surge.ts'),
      folder,
      settings: {
        GRAPH_URL: target.graphUrl,
        SANDBOX_URL: target.sandboxUrl ?? '',
        RATE: String(rate),
        SECONDS: String(seconds),
        RUN_ID: runId,
        CAMPAIGN_IDS: campaignIds.join(','),
        DONOR_PHONES: pickPhones().join(','),
      },
      onProgress: options.onProgress,
    });
    const testimony = await gatherTestimony(recordFile);
    // The graph first: what comes in between is in the books and would only ever show as a difference.
    const graph = await readGraphTotals(target.graphUrl, campaignIds);
    const books = await readBooks(target.databaseUrl, `${runId}-`, campaignIds);
    const verdict = compare(testimony, books, graph);
    return { verdict, report: renderReport({ verdict, testimony, summary, seconds }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
