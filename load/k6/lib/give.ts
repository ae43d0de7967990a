import { sleep } from 'k6';
import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { ask, type Answer, type Operation } from './graph.ts';
import { observe, type SeenTotals } from './observe.ts';
import {
  confirmationOf,
  outcomeOf,
  seen,
  type ByKeyData,
  type DonateData,
  type GraphTotals,
  type Outcome,
} from './outcome.ts';
import { accessTokenOf } from './sessions.ts';

const gifts = new Counter('gifts_acknowledged');
const givingTime = new Trend('gift_ms', true);
const retries = new Counter('gift_retries');

/** How often a gift is sent at most, always with the same key. */
const maxAttempts = 8;

const totalsFields = 'totals { version raised { minor } donationCount }';
const donate = `mutation Donate($input: DonateInput!) {
  donate(input: $input) {
    donation { id state checkout { url } }
    campaign { ${totalsFields} }
    guestToken
    userErrors { code message }
  }
}`;
const byKey = `query ByKey($campaignId: ID!, $key: String!) {
  donationByKey(campaignId: $campaignId, idempotencyKey: $key) {
    id state checkout { url } campaign { ${totalsFields} }
  }
}`;
const readTotals = `query Totals($id: ID!) { campaign(id: $id) { ${totalsFields} } }`;

export interface Gift {
  key: string;
  campaignId: string;
  /** In minor units. */
  amount: number;
  /** Number of the donor's session, null for a guest. */
  donor: number | null;
  /** Way of paying; the usual one captures at once. */
  provider?: string;
  /** When it was sent first, in milliseconds since the epoch. */
  sentAtMs: number;
}

/** One after the other by one virtual user: what it has seen must not go back. */
function reader(): string {
  return `${exec.scenario.name}-${exec.vu.idInTest}`;
}

export function giftOperation(gift: Gift): Operation {
  const input = {
    campaignId: gift.campaignId,
    amount: { minor: String(gift.amount), currency: 'CNY' },
    anonymous: gift.amount % 3 === 0,
    message: gift.amount % 2 === 0 ? '早日康复 · get well soon' : null,
    provider: gift.provider ?? null,
    idempotencyKey: gift.key,
  };
  return { query: donate, variables: { input }, name: 'donate', accessToken: accessTokenOf(gift.donor) };
}

export function announce(gift: Gift): void {
  const { key, campaignId, amount, donor } = gift;
  gift.sentAtMs = Date.now();
  observe({ kind: 'sent', key, campaignId, amount: String(amount), donor });
}

/** How an answer was come by. */
export interface Circumstances {
  /** Null where several answers were under way at once. */
  reader: string | null;
  /** Whether the graph was asked what became of the gift, and not sent it. */
  isQuestion?: boolean;
}

/** Writes down what an answer says. */
export function note(gift: Gift, answer: Answer<unknown>, outcome: Outcome, how: Circumstances): void {
  const { key, campaignId } = gift;
  const { ms } = answer;
  switch (outcome.kind) {
    case 'counted': {
      const { donationId, totals } = outcome;
      const sinceMs = Date.now() - gift.sentAtMs;
      observe({
        kind: 'counted',
        key,
        campaignId,
        amount: String(gift.amount),
        donationId,
        totals,
        ms,
        sinceMs,
        ...how,
      });
      gifts.add(1);
      givingTime.add(sinceMs);
      return;
    }
    case 'ordered':
      observe({ kind: 'ordered', key, donationId: outcome.donationId, ms });
      return;
    case 'refused':
      observe({ kind: 'refused', key, campaignId, code: outcome.code, isQuestion: how.isQuestion });
      return;
    case 'turnedAway':
      observe({ kind: 'turnedAway', key, campaignId });
      return;
    case 'failed':
      observe({ kind: 'failed', key, status: answer.status, code: outcome.code });
      retries.add(1);
      return;
    default:
      outcome satisfies never;
  }
}

/** Waits as the graph asks, else twice as long each time; a fifth more or less, so that nobody comes in step. */
function pause(attempt: number, retryAfterSeconds: number | undefined): void {
  sleep(Math.min(retryAfterSeconds ?? 0.1 * 2 ** attempt, 5) * (0.8 + 0.4 * Math.random()));
}

/**
 * Gives, and gives again with the same key until the graph says what became of it; whoever is turned away goes. Null when
 * it stayed unknown.
 */
export function give(gift: Gift): Outcome | null {
  announce(gift);
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const answer = ask<DonateData>(giftOperation(gift));
    const outcome = outcomeOf(answer);
    note(gift, answer, outcome, { reader: reader() });
    if (outcome.kind !== 'failed') return outcome;
    pause(attempt, outcome.retryAfterSeconds);
  }
  observe({ kind: 'unknown', key: gift.key, campaignId: gift.campaignId, amount: String(gift.amount) });
  return null;
}

/** Asks what became of a gift until it is counted or refused, `times` times at most. */
export function confirm(gift: Gift, times: number): void {
  const { key, campaignId, donor } = gift;
  for (let attempt = 1; attempt <= times; attempt += 1) {
    const answer = ask<ByKeyData>({
      query: byKey,
      variables: { campaignId, key },
      name: 'donation by key',
      accessToken: accessTokenOf(donor),
    });
    const outcome = confirmationOf(answer);
    if (outcome.kind === 'counted' || outcome.kind === 'refused') {
      note(gift, answer, outcome, { reader: reader(), isQuestion: true });
      return;
    }
    pause(attempt, undefined);
  }
  observe({ kind: 'unknown', key, campaignId, amount: String(gift.amount) });
}

/** Reads the totals and notes the version that they must not fall behind; null when no answer came. */
export function look(campaignId: string, atLeastVersion: string, accessToken?: string): SeenTotals | null {
  const answer = ask<{ campaign: { totals: GraphTotals } | null }>({
    query: readTotals,
    variables: { id: campaignId },
    name: 'read totals',
    accessToken,
  });
  const graphTotals = answer.data?.campaign?.totals;
  if (!graphTotals) {
    observe({ kind: 'unread', campaignId, status: answer.status });
    return null;
  }
  const totals = seen(graphTotals);
  observe({ kind: 'read', campaignId, atLeastVersion, totals, ms: answer.ms, reader: reader() });
  return totals;
}
