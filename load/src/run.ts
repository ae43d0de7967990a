import { hotCampaign } from '@banyan/seed';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applyLoad, type QueueSample } from './apply-load.ts';
import { audit } from './audit/audit.ts';
import type { Verdict } from './audit/compare.ts';
import { judgeBudgets } from './audit/judge-budgets.ts';
import { judgeFollowers } from './audit/judge-followers.ts';
import { readPayments } from './audit/provider.ts';
import type { Testimony } from './audit/testimony.ts';
import { raiseCampaigns, type RaisedCampaign } from './closing.ts';
import { pickPhones, signInDonors, type Donors } from './donors.ts';
import type { FaultMark } from './faults/conduct.ts';
import { judgeFaults } from './faults/judge-faults.ts';
import type { Machinery } from './faults/machinery.ts';
import type { PlannedFault } from './faults/repertoire.ts';
import { batchFigures, readWalPosition, type BatchFigures } from './figures.ts';
import { findCampaign, findLiveCampaigns, GraphUnavailable } from './graph.ts';
import { lookBack, type LookBack } from './look-back.ts';
import { readRecord } from './read-record.ts';
import type { K6Summary } from './run-k6.ts';
import type { Scenario } from './scenarios.ts';
import type { Timeline } from './timeline.ts';

/** A system to load, and what is needed to judge it. */
export interface Target {
  readonly graphUrl: string;
  /** Where sign-in codes and the payment provider's book are; without it donors are guests and no book is compared. */
  readonly sandboxUrl: string | undefined;
  /** Database of the campaigns subgraph, for the auditor. */
  readonly databaseUrl: string;
  /** Where the processes of campaigns tell their metrics; without them the report has no queue. */
  readonly campaignsUrls?: readonly string[];
  /** Settles when the system is whole again; without it nothing is waited for. */
  ready?(): Promise<void>;
}

export interface RunOptions {
  readonly target: Target;
  readonly k6Path: string;
  readonly scenario: Scenario;
  readonly seconds: number;
  /** Gifts a second at the peak. */
  readonly rate: number;
  /** Campaigns to give to, the hot one first; without them the seed's hot one and the newest. */
  readonly campaignIds?: readonly string[];
  /** What is to be broken meanwhile, and what breaks it. */
  readonly faults?: { readonly plan: readonly PlannedFault[]; readonly machinery: Machinery };
  /** Whether gifts must be turned away for want of budget, or the run has not shown what becomes of them. */
  readonly hasBudgets?: boolean;
  /** Receives the live line about once a second. */
  readonly onLive: (line: string) => void;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A run and its judgement. */
export interface RunOutcome extends LookBack {
  readonly scenario: Scenario;
  readonly rate: number;
  readonly seconds: number;
  readonly startedAt: Date;
  readonly verdict: Verdict;
  readonly testimony: Testimony;
  readonly summary: K6Summary;
  readonly timeline: Timeline;
  readonly marks: readonly FaultMark[];
  readonly batches: BatchFigures;
  /** About once a second, when somebody answered. */
  readonly queueRows: readonly QueueSample[];
}

const campaignsBeside = 20;
const settlePauseMs = 1_000;
/** The sweep looks at a gift after 15 or 30 s, and a while later when the provider or the database was away. */
const maxSettleLooks = 120;

async function pickCampaigns(graphUrl: string): Promise<string[]> {
  const hot = await findCampaign(graphUrl, hotCampaign.slug);
  const live = await findLiveCampaigns(graphUrl, campaignsBeside);
  const ids = [...new Set([...(hot === undefined ? [] : [hot]), ...live])];
  if (ids.length === 0) throw new GraphUnavailable('The graph has no live campaign to give to.');
  return ids;
}

/** Loads the system, breaks it where that is planned, then judges what became of every gift. */
export async function runScenario(options: RunOptions): Promise<RunOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-load-'));
  try {
    return await runIn(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, options: RunOptions): Promise<RunOutcome> {
  const { target, scenario, rate, seconds } = options;
  const { graphUrl, sandboxUrl, databaseUrl } = target;
  const keyPrefix = `${randomBytes(6).toString('hex')}-`;
  const givenTo = options.campaignIds ?? (await pickCampaigns(graphUrl));
  await using donors = await signInDonors(graphUrl, sandboxUrl, pickPhones());
  const closing = await raiseWhereNeeded(options, donors);
  const bookStart = sandboxUrl === undefined ? 0 : (await readPayments(sandboxUrl, 0)).next;
  const walStart = await readWalPosition(databaseUrl);
  const startedAt = new Date();
  const follow = {
    graphUrl,
    keyPrefix,
    campaignIds: givenTo,
    count: scenario.followers ?? 0,
    tokens: () => donors.tokens(),
  };
  const loaded = await applyLoad(options, folder, follow, {
    GRAPH_URL: graphUrl,
    SANDBOX_URL: sandboxUrl ?? '',
    RATE: String(rate),
    SECONDS: String(seconds),
    RUN_ID: keyPrefix.slice(0, -1),
    CAMPAIGN_IDS: givenTo.join(','),
    DONORS_URL: donors.url,
    CLOSING: JSON.stringify(closing),
  });
  await target.ready?.();
  const { testimony, timeline } = await readRecord(loaded.recordFile, startedAt, loaded.marks);
  const tokens = (await donors.tokens()).donors.map((donor) => donor?.accessToken ?? null);
  const toBeEnded = closing.map(({ campaignId }) => campaignId);
  const campaignIds = [...givenTo, ...toBeEnded];
  const run = {
    graphUrl,
    sandboxUrl,
    databaseUrl,
    keyPrefix,
    campaignIds,
    toBeEnded,
    suspenseReasons: scenario.suspenseReasons ?? [],
    bookStart,
    tokens,
    testimony,
  };
  const { verdict: found, books } = await audit(run, {
    pause: () => delay(settlePauseMs),
    maxLooks: maxSettleLooks,
    onLook: (open) =>
      options.onLive(`judging when all is finished: ${open} payments are not in the books yet`),
  });
  const unshown = [
    ...judgeFaults(options.faults?.plan ?? [], loaded.marks),
    ...judgeBudgets(options.hasBudgets ?? false, testimony),
    ...judgeFollowers(scenario.followers ?? 0, testimony),
  ];
  const verdict = { ...found, findings: [...found.findings, ...unshown] };
  return {
    scenario,
    rate,
    seconds,
    startedAt,
    verdict,
    testimony,
    timeline,
    ...loaded,
    ...(await lookBack(verdict.findings, { ...run, recordFile: loaded.recordFile }, walStart)),
    batches: batchFigures(books.gifts),
  };
}

/** Campaigns for a scenario that ends some; none for the others. */
async function raiseWhereNeeded(
  { target: { graphUrl, sandboxUrl }, scenario, seconds }: RunOptions,
  donors: Donors,
): Promise<RaisedCampaign[]> {
  if (scenario.endsCampaigns !== true || sandboxUrl === undefined) return [];
  return raiseCampaigns({ graphUrl, sandboxUrl }, await donors.tokens(), seconds);
}
