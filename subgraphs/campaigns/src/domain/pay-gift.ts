import type { Totals } from '@banyan/ledger';
import type { Services } from '../context.ts';
import { readClock } from '../db/clock.ts';
import type { DonationRow } from '../db/donations.ts';
import { WriterOverloaded } from '../db/group-writer.ts';
import { insertFailedFact } from '../db/payments.ts';
import type { PaymentWay } from '../providers/payment-ways.ts';
import { bookPayment } from './book-payment.ts';
import { outcomeUnknown } from './gift-errors.ts';

/** How long an order stays open, in milliseconds. */
const orderLifeMs = 30 * 60 * 1_000;

export interface PaidGift {
  readonly donation: DonationRow;
  /** Null where nothing was counted by this call: whoever wants the totals reads them. */
  readonly totals: Totals | null;
}

/** Takes the money for a gift whose intent is committed, or goes on where an earlier call has stopped. */
export async function payGift(services: Services, donation: DonationRow): Promise<PaidGift> {
  switch (donation.state) {
    case 'COUNTED':
    case 'FAILED':
    case 'SUSPENSE':
    case 'AWAITING_CONFIRMATION':
      return { donation, totals: null };
    case 'INTENT': {
      const way = services.ways.find(donation.provider);
      if (way === undefined) throw new Error(`there is no provider ${donation.provider} any more`);
      return way.mode === 'CAPTURE'
        ? capture(services, way, donation)
        : { donation: await openOrder(services, way, donation), totals: null };
    }
    default:
      return donation.state satisfies never;
  }
}

/** The donation's id is the provider's key: it is in the committed intent, and leads back from a statement to the gift. */
async function capture(services: Services, way: PaymentWay, donation: DonationRow): Promise<PaidGift> {
  const { id, amount, currency } = donation;
  const outcome = await way.provider.capture({ key: id, amount: { minor: amount, currency } });
  switch (outcome.outcome) {
    case 'captured': {
      const booked = await bookPayment(services, donation, outcome.payment);
      const paid = {
        ...donation,
        state: booked.state,
        provider_ref: outcome.payment.paymentId,
        captured_at: outcome.payment.capturedAt,
      };
      return booked.state === 'COUNTED'
        ? { donation: { ...paid, counted_at: booked.countedAt }, totals: booked.totals }
        : { donation: paid, totals: null };
    }
    case 'declined':
      await noteFailure(services, donation, outcome.paymentId, outcome.reason);
      return { donation: { ...donation, state: 'FAILED', provider_ref: outcome.paymentId }, totals: null };
    case 'unknown':
      services.log.warn({ donationId: id, reason: outcome.reason }, 'the outcome of a capture is unknown');
      throw outcomeUnknown();
    default:
      return outcome satisfies never;
  }
}

async function openOrder(services: Services, way: PaymentWay, donation: DonationRow): Promise<DonationRow> {
  const { id, campaign_id: campaignId, amount, currency } = donation;
  const outcome = await way.provider.createOrder({
    key: id,
    amount: { minor: amount, currency },
    notifyUrl: services.notifyUrl(),
    expiresAt: new Date((await readClock(services.db)).getTime() + orderLifeMs),
  });
  if (outcome.outcome === 'unknown') throw outcomeUnknown();
  const { orderId, checkoutUrl: url, expiresAt } = outcome.order;
  const row = { campaign_id: campaignId, donation_id: id, order_id: orderId, url, expires_at: expiresAt };
  await services.checkouts.write(row).catch((error: unknown) => {
    // The intent is there and the order is placed: to be told that nothing has happened would be wrong.
    throw error instanceof WriterOverloaded ? outcomeUnknown() : error;
  });
  return { ...donation, state: 'AWAITING_CONFIRMATION', checkout_url: url, checkout_expires_at: expiresAt };
}

/** The fact that a gift was not paid and will not be, by the provider's word or for want of one. */
export function noteFailure(
  { db }: Pick<Services, 'db'>,
  gift: Pick<DonationRow, 'campaign_id' | 'id' | 'provider' | 'amount' | 'currency'>,
  providerRef: string,
  reason: string,
): Promise<void> {
  return insertFailedFact(db, {
    campaign_id: gift.campaign_id,
    provider: gift.provider,
    provider_ref: providerRef,
    donation_id: gift.id,
    amount: gift.amount,
    currency: gift.currency,
    reason,
    happened_at: new Date(),
  });
}
