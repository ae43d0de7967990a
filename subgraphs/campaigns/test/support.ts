import {
  createTestDatabase,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type As,
  type TestSubgraph,
} from '@banyan/kit/testing';
import { createLimiter, createRedis } from '@banyan/kit/cache';
import { newId } from '@banyan/kit/graphql';
import { createLogger } from '@banyan/kit/service';
import { createSandbox } from '@banyan/sandbox';
import { randomUUID } from 'node:crypto';
import { createApp, type CampaignsApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import type { Services } from '../src/context.ts';
import { migrations } from '../src/db/migrations/migrations.ts';

/** Of the subgraph and its payment provider. */
export const secret = 'a-secret-of-the-tests';

export interface World {
  readonly sandboxUrl: string;
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  /** Orders a fault of the payment provider. */
  fault(fault: Record<string, unknown>): Promise<void>;
  /** Another process of the subgraph on the same database, without limits that a test would notice. */
  start(overrides?: Partial<Services>, config?: Partial<Config>): Promise<CampaignsUnderTest>;
  stop(): Promise<void>;
}

export interface CampaignsUnderTest extends TestSubgraph {
  readonly app: CampaignsApp;
}

/** Limits of so many attempts each, counted in this process alone. */
export function limitsOf(maxAttempts: number): Services['limits'] {
  const redis = createRedis({ url: undefined, log: createLogger({ service: 'test', level: 'silent' }) });
  return { submissions: createLimiter({ redis, prefix: 'submissions:', maxAttempts, windowSeconds: 60 }) };
}

/** A database, a Redis and an outside world of their own. */
async function createWorld(): Promise<World> {
  const database = await createTestDatabase({ name: 'campaigns', migrations });
  const redisUrl = hasRedis() ? await testRedis() : undefined;
  const sandbox = createSandbox({ merchants: { campaigns: secret } });
  const { url: sandboxUrl } = await sandbox.start();
  const base: Config = {
    ...testConfig({ databaseUrl: database.url, redisUrl }),
    SANDBOX_URL: sandboxUrl,
    PAYMENTS_MERCHANT: 'campaigns',
    PAYMENTS_SECRET: secret,
    MAX_GIFT_MINOR: 5_000_000n,
    MAX_GIFTS_IN_FLIGHT: 1_000,
    CAPTURE_TIMEOUT_MS: 2_000,
    SWEEP_AFTER_SECONDS: 0,
    ABANDON_AFTER_SECONDS: 900,
    SWEEP_EVERY_SECONDS: 0,
    HELP_ISOLATION: 'off',
  };
  return {
    sandboxUrl,
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    async fault(fault) {
      const response = await fetch(`${sandboxUrl}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ service: 'payments', ...fault }),
      });
      if (response.status !== 201) throw new Error(await response.text());
    },
    async start(overrides = {}, config = {}) {
      const app = createApp({ ...base, ...config }, { limits: limitsOf(1_000), ...overrides });
      return { ...(await startTestSubgraph('campaigns', app)), app };
    },
    async stop() {
      await sandbox.stop();
      await database.drop();
    },
  };
}

/** What the payment provider's own book says it has taken. */
export async function paymentsAtProvider({ sandboxUrl }: World): Promise<{ merchantKey: string }[]> {
  const response = await fetch(`${sandboxUrl}/payments/book?limit=10000`);
  const { entries } = (await response.json()) as { entries: { kind: string; merchantKey: string }[] };
  return entries.filter(({ kind }) => kind === 'PAYMENT');
}

/** One process in a world of its own, which ends with it. */
export async function startCampaigns(
  config: Partial<Config> = {},
): Promise<CampaignsUnderTest & { world: World }> {
  const world = await createWorld();
  const running = await world.start({}, config);
  return {
    ...running,
    world,
    async stop() {
      await running.stop();
      await world.stop();
    },
  };
}

export const organiser: As = { id: newId('usr') };
export const donor: As = { id: newId('usr') };
export const reviewers = [1, 2, 3].map(() => ({ id: newId('usr'), roles: ['REVIEWER'] }));
export const key = () => randomUUID();

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
}
export interface CampaignAnswer {
  campaign: { id: string; status: string; slug: string } | null;
  userErrors: UserError[];
}

const details = {
  title: '帮帮我们 Help us',
  story: '一段很长的故事。A long story.',
  goal: { minor: '1000000', currency: 'CNY' },
};

function campaignMutation(name: string, inputType: string): string {
  return `mutation ($input: ${inputType}!) {
    ${name}(input: $input) { campaign { id status slug } userErrors { code field message } } }`;
}
export const submitProject = campaignMutation('submitProject', 'SubmitProjectInput');
export const decideGate = campaignMutation('decideReviewGate', 'DecideReviewGateInput');
export const changeStatus = campaignMutation('changeCampaignStatus', 'ChangeCampaignStatusInput');

/** The open case of a campaign, as reviewers find it in their queue. */
export async function caseOf(campaigns: TestSubgraph, campaignId: string): Promise<string> {
  const { data } = await campaigns.ask<{
    reviewQueue: { nodes: { id: string; campaign: { id: string } }[] };
  }>('{ reviewQueue(first: 100) { nodes { id campaign { id } } } }', {}, reviewers[0]);
  const found = data.reviewQueue.nodes.find(({ campaign }) => campaign.id === campaignId);
  if (found === undefined) throw new Error('there is no case of that campaign');
  return found.id;
}

/** Submits a project and lets three reviewers pass it. */
export async function liveCampaign(
  campaigns: TestSubgraph,
  over: Record<string, unknown> = {},
): Promise<{ id: string; slug: string }> {
  const input = { kind: 'DREAM', details: { ...details, ...over }, idempotencyKey: key() };
  const { data } = await campaigns.ask<{ submitProject: CampaignAnswer }>(
    submitProject,
    { input },
    organiser,
  );
  const { campaign, userErrors } = data.submitProject;
  if (campaign === null) throw new Error(JSON.stringify(userErrors));
  const caseId = await caseOf(campaigns, campaign.id);
  for (const [index, gate] of ['DATA', 'CUSTOMER_SERVICE', 'CROWD'].entries()) {
    const decision = { caseId, gate, state: 'PASSED', reason: '材料齐全 complete' };
    await campaigns.ask(decideGate, { input: decision }, reviewers[index]);
  }
  return campaign;
}

interface ToldEvent {
  cursor: string;
  type: string;
  subject: string;
  payload: Record<string, unknown>;
}

/** The first events about something; waits while transactions elsewhere in the server hold the feed back. */
export async function eventsAbout(
  campaigns: TestSubgraph,
  subject: string,
  count: number,
): Promise<ToldEvent[]> {
  const found: ToldEvent[] = [];
  let after = '0.0';
  for (let pages = 0; pages < 50 && found.length < count; pages += 1) {
    const page = (await campaigns.get(`/events?after=${after}&limit=500&waitMs=1000`)) as {
      events: ToldEvent[];
      cursor: string;
    };
    found.push(...page.events.filter((event) => event.subject === subject));
    after = page.cursor;
  }
  return found;
}
