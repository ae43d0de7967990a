import type { PaymentEvent } from '@banyan/payments';
import type { Services } from '../context.ts';
import { findDonation } from '../db/donations.ts';
import { findRoute, keepNotification } from '../db/payments.ts';
import { bookPayment, keepInSuspense } from './book-payment.ts';

/**
 * Takes in what the provider tells of its own accord, and whose signature was verified. Twice, late and in any order are all
 * the same: the gift's key is in the intent, and an intent is counted once. To which gift an order belongs stands in our
 * own route, never in the notification; an order that has none is kept in suspense.
 */
export async function receiveNotification(
  services: Services,
  event: PaymentEvent,
  rawBody: Buffer,
): Promise<void> {
  if (event.type !== 'order.paid') {
    await keepNotification(services.db, { event_id: event.eventId, body: rawBody.toString('utf8') });
    return;
  }
  const { name } = services.ways.orders;
  const route = await findRoute(services.db, name, event.key);
  const gift = route && (await findDonation(services.db, route.campaign_id, route.donation_id));
  if (gift === undefined) {
    await keepNotification(services.db, { event_id: event.eventId, body: rawBody.toString('utf8') });
    await keepInSuspense(services, null, event.payment, 'UNKNOWN_ORDER', name);
    return;
  }
  await bookPayment(services, gift, event.payment);
}
