import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { NotificationRefused } from './errors.ts';
import type { PaymentEvent } from './provider.ts';
import { notification, orderPaid, refundPaid } from './wire.ts';

/** As wide as the window of Standard Webhooks; every attempt is signed anew. */
const maxAgeMs = 5 * 60_000;

/**
 * Checks a notification and reads it. `banyan-payment-signature` must be `v1=` +
 * base64url(HMAC-SHA256(secret, `banyan-payment-timestamp` + "." + raw body)), the timestamp Unix seconds.
 *
 * @throws NotificationRefused
 */
export function readNotification(
  secret: string,
  headers: IncomingHttpHeaders,
  rawBody: Uint8Array,
  now: Date,
): PaymentEvent {
  const timestamp = headers['banyan-payment-timestamp'];
  const signature = headers['banyan-payment-signature'];
  if (typeof timestamp !== 'string' || typeof signature !== 'string')
    throw new NotificationRefused('NOT_SIGNED');
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest('base64url');
  if (!isSame(signature, `v1=${expected}`)) throw new NotificationRefused('WRONG_SIGNATURE');
  const ageMs = now.getTime() - Number(timestamp) * 1_000;
  // Written so that a timestamp that is no number is refused.
  if (!(Math.abs(ageMs) <= maxAgeMs)) throw new NotificationRefused('TOO_OLD');
  return readEvent(rawBody);
}

function isSame(actual: string, expected: string): boolean {
  const [left, right] = [Buffer.from(actual), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function readEvent(rawBody: Uint8Array): PaymentEvent {
  try {
    const { eventId, type, occurredAt, data } = notification.parse(
      JSON.parse(Buffer.from(rawBody).toString('utf8')),
    );
    if (type === 'order.paid') {
      const { orderId, merchantOrder, paymentId, amount } = orderPaid.parse(data);
      return {
        type,
        eventId,
        key: merchantOrder,
        orderId,
        payment: { paymentId, amount, capturedAt: occurredAt },
      };
    }
    if (type === 'refund.paid') {
      const { merchantKey, ...refund } = refundPaid.parse(data);
      return { type, eventId, key: merchantKey, refund: { ...refund, refundedAt: occurredAt } };
    }
    return { type: 'other', eventId, name: type };
  } catch {
    throw new NotificationRefused('UNREADABLE');
  }
}
