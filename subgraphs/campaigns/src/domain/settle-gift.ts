import type { Services } from '../context.ts';
import { readClock } from '../db/clock.ts';
import type { DonationRow } from '../db/donations.ts';
import { bookPayment } from './book-payment.ts';
import { noteFailure } from './pay-gift.ts';

/**
 * Asks the provider what became of a gift that has no outcome, and books or fails it. True when there is nothing left to
 * ask. A provider that has never heard of it is believed only when no request can be under way any more.
 */
export async function settleGift(services: Services, donation: DonationRow): Promise<boolean> {
  if (['COUNTED', 'FAILED', 'SUSPENSE'].includes(donation.state)) return true;
  const way = services.ways.find(donation.provider);
  if (way === undefined) {
    services.log.error(
      { donationId: donation.id, provider: donation.provider },
      'a gift of a provider that is gone',
    );
    return false;
  }
  const status =
    way.mode === 'CAPTURE'
      ? await way.provider.queryCapture(donation.id)
      : await way.provider.queryOrder(donation.id);
  switch (status.outcome) {
    case 'captured':
    case 'paid':
      await bookPayment(services, donation, status.payment);
      return true;
    case 'declined':
      await noteFailure(services, donation, status.paymentId, status.reason);
      return true;
    case 'expired':
      await noteFailure(services, donation, status.order.orderId, 'EXPIRED');
      return true;
    case 'absent': {
      const ageMs = (await readClock(services.db)).getTime() - donation.created_at.getTime();
      if (ageMs < services.settings.abandonAfterSeconds * 1_000) return false;
      await noteFailure(services, donation, donation.id, 'ABANDONED');
      return true;
    }
    case 'open':
    case 'unknown':
      return false;
    default:
      return status satisfies never;
  }
}
