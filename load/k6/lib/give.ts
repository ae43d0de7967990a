import { sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { ask, type Answer } from './graph.ts';
import { observe, type SeenTotals } from './observe.ts';

export const gifts = new Counter('gifts_acknowledged');
export const givingTime = new Trend('gift_ms', true);
const retries = new Counter('gift_retries');

/** How often a gift is sent at most, always with the same key. */
const maxAttempts = 8;

const donate = `mutation Donate($input: DonateInput!) {
  donate(input: $input) {
    donation { id }
    campaign { totals { version raised { minor } donationCount } }
    guestToken
    userErrors { code message }
  }
}`;

const readTotals = `query Totals($id: ID!) {
  campaign(id: $id) { totals { version raised { minor } donationCount } }
}`;

interface GraphTotals {
  version: string;
  raised: { minor: string };
  donationCount: string;
}
interface DonateData {
  donate: {
    donation: { id: string } | null;
    campaign: { totals: GraphTotals } | null;
    guestToken: string | null;
    userErrors: readonly { code: string }[];
  } | null;
}
interface TotalsData {
  campaign: { totals: GraphTotals } | null;
}

export interface Gift {
  key: string;
  campaignId: string;
  amount: number;
  accessToken: string | undefined;
  guestToken: string | undefined;
}

function seen(totals: GraphTotals): SeenTotals {
  return { version: totals.version, raised: totals.raised.minor, count: totals.donationCount };
}

function send(gift: Gift): Answer<DonateData> {
  const input = {
    campaignId: gift.campaignId,
    amount: { minor: String(gift.amount), currency: 'CNY' },
    anonymous: gift.amount % 3 === 0,
    message: gift.amount % 2 === 0 ? '早日康复 · get well soon' : null,
    guestToken: gift.guestToken ?? null,
    idempotencyKey: gift.key,
  };
  return ask<DonateData>(donate, { input }, { name: 'donate', accessToken: gift.accessToken });
}

/**
 * Gives, and gives again with the same key until the graph says what became of it. Returns the totals of the
 * acknowledgement, null when it was refused or stayed unknown.
 */
export function give(gift: Gift): SeenTotals | null {
  const { key, campaignId } = gift;
  const amount = String(gift.amount);
  observe({ kind: 'sent', key, campaignId, amount });
  const startedAt = Date.now();
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const answer = send(gift);
    const payload = answer.data?.donate;
    if (payload?.donation && payload.campaign) {
      const totals = seen(payload.campaign.totals);
      observe({
        kind: 'counted',
        key,
        campaignId,
        amount,
        donationId: payload.donation.id,
        totals,
        attempts: attempt,
      });
      gifts.add(1);
      givingTime.add(Date.now() - startedAt);
      return totals;
    }
    const refusal = payload?.userErrors[0];
    if (refusal) {
      observe({ kind: 'refused', key, campaignId, code: refusal.code });
      return null;
    }
    retries.add(1);
    const afterSeconds = answer.errors[0]?.extensions?.retryAfterSeconds ?? 0.1 * 2 ** attempt;
    sleep(Math.min(afterSeconds, 5) * (0.5 + Math.random()));
  }
  observe({ kind: 'unknown', key, campaignId, amount });
  return null;
}

/** Reads the totals and notes the version that they must not fall behind; null when no answer came. */
export function look(campaignId: string, atLeastVersion: string, accessToken?: string): SeenTotals | null {
  const answer = ask<TotalsData>(readTotals, { id: campaignId }, { name: 'read totals', accessToken });
  const graphTotals = answer.data?.campaign?.totals;
  if (!graphTotals) return null;
  const totals = seen(graphTotals);
  observe({ kind: 'read', campaignId, atLeastVersion, totals });
  return totals;
}
