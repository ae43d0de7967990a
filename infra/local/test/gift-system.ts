import { join } from 'node:path';
import pg from 'pg';
import { runProgram } from '../src/program.ts';
import { repositoryRoot } from '../src/services.ts';
import { startSystem, type System, type SystemOptions } from '../src/system.ts';
import { askGraph } from './graph-client.ts';

/** A system without seed data but for a campaign that takes gifts. */
export interface GiftSystem {
  readonly system: System;
  readonly campaignId: string;
}

/** Starts the programs; of the seeds only that of campaigns is loaded. */
export async function startGiftSystem(options: SystemOptions): Promise<GiftSystem> {
  const system = await startSystem({
    basePort: 0,
    fsync: false,
    seed: false,
    environment: process.env,
    ...options,
  });
  try {
    const seed = join(repositoryRoot, 'subgraphs/campaigns/src/seed.ts');
    const env = { PATH: process.env['PATH'] ?? '', DATABASE_OWNER_URL: system.databases['campaigns'] ?? '' };
    await runProgram(
      { name: 'campaigns', file: seed, env, onLine: () => undefined },
      AbortSignal.timeout(60_000),
    );
    const { data } = await askGraph<{ campaign: { id: string } }>(
      system,
      '{ campaign(slug: "liu-zhiqiang") { id } }',
      {},
    );
    return { system, campaignId: data.campaign.id };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

const donate = /* GraphQL */ `
  mutation ($input: DonateInput!) {
    donate(input: $input) {
      donation {
        id
        state
      }
      userErrors {
        code
      }
    }
  }
`;

/** What a guest is told about a gift. */
export interface GiftAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly donation: { readonly id: string; readonly state: string } | undefined;
  readonly code: string | undefined;
  readonly extensions: Record<string, unknown> | undefined;
}

/** Gives 10 yuan as a guest, through the gateway. */
export async function giveAsGuest(
  { system, campaignId }: GiftSystem,
  idempotencyKey: string,
  headers: Record<string, string> = {},
): Promise<GiftAnswer> {
  const input = { campaignId, amount: { minor: '1000', currency: 'CNY' }, idempotencyKey };
  const response = await fetch(`${system.urls['gateway'] ?? ''}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: donate, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { donate: { donation: GiftAnswer['donation'] | null; userErrors: { code: string }[] } | null };
    errors?: { extensions: Record<string, unknown> & { code: string } }[];
  };
  const extensions = errors?.[0]?.extensions;
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    donation: data?.donate?.donation ?? undefined,
    code: extensions?.code ?? data?.donate?.userErrors[0]?.code,
    extensions,
  };
}

/** The gifts of that state under a guest's key. */
export async function stateUnderKey(
  { system, campaignId }: GiftSystem,
  idempotencyKey: string,
): Promise<string | undefined> {
  const { data } = await askGraph<{ donationByKey: { state: string } | null }>(
    system,
    'query ($c: ID!, $k: String!) { donationByKey(campaignId: $c, idempotencyKey: $k) { state } }',
    { c: campaignId, k: idempotencyKey },
  );
  return data.donationByKey?.state;
}

/** How many gifts the campaign has counted. */
export async function countOfGifts({ system, campaignId }: GiftSystem): Promise<number> {
  const { data } = await askGraph<{ campaign: { totals: { donationCount: string } } }>(
    system,
    'query ($id: ID!) { campaign(id: $id) { totals { donationCount } } }',
    { id: campaignId },
  );
  return Number(data.campaign.totals.donationCount);
}

/** Does something while nobody can count a gift to the campaign: its row is held as a slow transaction would. */
export async function whileCountingIsHeld<Result>(
  { system, campaignId }: GiftSystem,
  work: () => Promise<Result>,
): Promise<Result> {
  const holder = new pg.Client({ connectionString: system.databases['campaigns'] });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select from ledger.totals where book = $1 for update', [campaignId]);
    return await work();
  } finally {
    // Ends the transaction as well.
    await holder.end();
  }
}
