import { shownError } from '@banyan/kit/graphql';
import { VersionNotReached, type Totals } from '@banyan/ledger';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { Campaign, rowOf, type CampaignStub } from './campaign.ts';

/** How long `minVersion` waits where the caller gave no deadline, in milliseconds. */
const maxVersionWaitMs = 1_000;

const CampaignTotals = builder.objectRef<Omit<Totals, 'book' | 'status'>>('CampaignTotals').implement({
  description:
    'version grows by one with every commit that changes the totals, so a reader can tell newer from older.',
  fields: (t) => ({
    raised: t.field({ type: 'Money', resolve: ({ credited: minor, currency }) => ({ minor, currency }) }),
    refunded: t.field({ type: 'Money', resolve: ({ refunded: minor, currency }) => ({ minor, currency }) }),
    paidOut: t.field({ type: 'Money', resolve: ({ paidOut: minor, currency }) => ({ minor, currency }) }),
    available: t.field({ type: 'Money', resolve: ({ available: minor, currency }) => ({ minor, currency }) }),
    donationCount: t.expose('receiptCount', { type: 'BigInt' }),
    version: t.expose('version', { type: 'BigInt' }),
    asOf: t.expose('asOf', { type: 'DateTime' }),
  }),
});

/**
 * The totals of an acknowledgement, or from the primary's row by a SELECT that began after this call: an acknowledged gift is in
 * every later answer. No copy of them is kept anywhere.
 */
async function totalsOf(
  campaign: CampaignRow | CampaignStub,
  minVersion: bigint | null | undefined,
  context: Context,
) {
  if ('totals' in campaign && campaign.totals !== null && campaign.totals.version >= (minVersion ?? 0n)) {
    return campaign.totals;
  }
  const totals =
    minVersion == null
      ? await context.totals.read(campaign.id)
      : await waitFor(campaign.id, minVersion, context);
  return totals ?? emptyTotals(await rowOf(campaign, context));
}

async function waitFor(
  campaignId: string,
  minVersion: bigint,
  { totals, deadlineAtMs }: Context,
): Promise<Totals> {
  const leftMs = deadlineAtMs === undefined ? maxVersionWaitMs : deadlineAtMs - Date.now();
  try {
    return await totals.atLeast(campaignId, minVersion, {
      timeoutMs: Math.max(0, Math.min(leftMs, maxVersionWaitMs)),
    });
  } catch (error) {
    if (!(error instanceof VersionNotReached)) throw error;
    throw shownError('DEADLINE_EXCEEDED', 'The totals have not reached that version.', {
      version: String(error.version ?? 0n),
      retryable: true,
    });
  }
}

/** Of a campaign that has not been live: it has no book yet, and nothing has changed since it was submitted. */
function emptyTotals({ currency, created_at: asOf }: CampaignRow): Omit<Totals, 'book' | 'status'> {
  const nothing = { credited: 0n, refunded: 0n, paidOut: 0n, available: 0n, receiptCount: 0n };
  return { ...nothing, currency, version: 0n, asOf };
}

builder.objectField(Campaign, 'totals', (t) =>
  t.field({
    type: CampaignTotals,
    args: { minVersion: t.arg({ type: 'BigInt', required: false }) },
    description:
      'Counted gifts. A gift acknowledged is in here on the next read; minVersion waits for a version already seen.',
    resolve: (campaign, { minVersion }, context) => totalsOf(campaign, minVersion, context),
  }),
);
