import type { PaymentEvent } from '@banyan/payments';
import { createHash } from 'node:crypto';
import type { Services } from '../context.ts';
import { findDonation } from '../db/donations.ts';
import { findRoute, keepNotification } from '../db/payments.ts';
import { bookPayment, keepInSuspense } from './book-payment.ts';

/** What the provider's numbers and ours look like: visible, and no longer than a key of the ledger. */
const reference = /^[\x21-\x7e]{1,128}$/;

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
    await keep(services, rawBody, event.eventId);
    return;
  }
  if (!reference.test(event.key) || !reference.test(event.payment.paymentId)) {
    await keepUnreadable(services, rawBody);
    return;
  }
  const { name } = services.ways.orders;
  const route = await findRoute(services.db, name, event.key);
  const gift = route && (await findDonation(services.db, route.campaign_id, route.donation_id));
  if (gift === undefined) {
    await keep(services, rawBody, event.eventId);
    await keepInSuspense(services, null, event.payment, 'UNKNOWN_ORDER', name);
    return;
  }
  await bookPayment(services, gift, event.payment);
}

/** Keeps what the provider has signed and nobody here can read, for a person to ask about: the same again says no more. */
export async function keepUnreadable(services: Services, rawBody: Buffer): Promise<void> {
  services.log.error('a notification that the provider signed cannot be read; it is kept');
  await keep(services, rawBody, `sha256:${createHash('sha256').update(rawBody).digest('base64url')}`);
}

/** Word for word, but for the one character that a column of text cannot hold. */
function keep({ db }: Services, rawBody: Buffer, eventId: string): Promise<void> {
  const storable = (text: string) => text.replaceAll('\0', '\ufffd');
  return keepNotification(db, { event_id: storable(eventId), body: storable(rawBody.toString('utf8')) });
}
