import type { Answer } from './graph.ts';
import type { SeenTotals } from './observe.ts';

export interface GraphTotals {
  version: string;
  raised: { minor: string };
  donationCount: string;
}
interface GraphDonation {
  id: string;
  state: 'INTENT' | 'AWAITING_CONFIRMATION' | 'COUNTED' | 'FAILED' | 'SUSPENSE';
  checkout: { url: string } | null;
}
export interface DonateData {
  donate: {
    donation: GraphDonation | null;
    campaign: { totals: GraphTotals } | null;
    userErrors: readonly { code: string }[];
  } | null;
}
export interface ByKeyData {
  donationByKey: (GraphDonation & { campaign: { totals: GraphTotals } }) | null;
}

/** What a request to give has come to. */
export type Outcome =
  | { kind: 'counted'; donationId: string; totals: SeenTotals }
  | { kind: 'ordered'; donationId: string; checkoutUrl: string }
  | { kind: 'refused'; code: string }
  | { kind: 'turnedAway' }
  | { kind: 'failed'; code: string; retryAfterSeconds: number | undefined };

export function seen(totals: GraphTotals): SeenTotals {
  return { version: totals.version, raised: totals.raised.minor, count: totals.donationCount };
}

function judge(donation: GraphDonation, totals: GraphTotals): Outcome {
  switch (donation.state) {
    case 'COUNTED':
      return { kind: 'counted', donationId: donation.id, totals: seen(totals) };
    case 'AWAITING_CONFIRMATION':
      return { kind: 'ordered', donationId: donation.id, checkoutUrl: donation.checkout?.url ?? '' };
    case 'FAILED':
    case 'SUSPENSE':
      return { kind: 'refused', code: donation.state };
    case 'INTENT':
      return { kind: 'failed', code: donation.state, retryAfterSeconds: undefined };
    default:
      return donation.state satisfies never;
  }
}

/** Of the mutation. */
export function outcomeOf(answer: Answer<DonateData>): Outcome {
  if (answer.status === 429) return { kind: 'turnedAway' };
  const payload = answer.data?.donate;
  if (payload?.donation && payload.campaign) return judge(payload.donation, payload.campaign.totals);
  const refusal = payload?.userErrors[0];
  if (refusal) return { kind: 'refused', code: refusal.code };
  const extensions = answer.errors[0]?.extensions;
  return {
    kind: 'failed',
    code: extensions?.code ?? 'NO_ANSWER',
    retryAfterSeconds: extensions?.retryAfterSeconds,
  };
}

/** Of the question what became of a gift. */
export function confirmationOf(answer: Answer<ByKeyData>): Outcome {
  const donation = answer.data?.donationByKey;
  return donation
    ? judge(donation, donation.campaign.totals)
    : { kind: 'failed', code: answer.errors[0]?.extensions?.code ?? 'ABSENT', retryAfterSeconds: undefined };
}
