import { createHmac } from 'node:crypto';
import type { Book } from './book.ts';

/** Something that a merchant is to be told. */
export interface Notification {
  /** The payment's or the refund's id. */
  readonly subjectId: string;
  readonly merchant: string;
  /** The merchant's own number of the order or refund. */
  readonly key: string;
  readonly url: string;
  readonly body: string;
}

/** The notification of a payment or a refund; undefined when there is nobody to tell. */
export function notificationOf(book: Book, subjectId: string): Notification | undefined {
  const refund = book.refunds.byId.get(subjectId);
  const payment = book.payments.get(refund?.paymentId ?? subjectId);
  const url = refund ? refund.notifyUrl : payment?.notifyUrl;
  if (!payment || !url) return undefined;
  const { currency, merchant } = payment;
  const order = book.orders.byKey(merchant, payment.key);
  const event = refund
    ? {
        type: 'refund.paid',
        occurredAt: refund.at,
        data: {
          refundId: refund.refundId,
          merchantKey: refund.key,
          amount: { minor: refund.minor, currency },
        },
      }
    : {
        type: 'order.paid',
        occurredAt: payment.at,
        data: {
          orderId: order?.orderId,
          merchantOrder: payment.key,
          amount: { minor: payment.minor.toString(), currency },
        },
      };
  const body = JSON.stringify({
    eventId: `evt_${subjectId}`,
    ...event,
    data: { ...event.data, paymentId: payment.paymentId },
  });
  return { subjectId, merchant, key: refund?.key ?? payment.key, url, body };
}

/**
 * Headers of one attempt: `banyan-payment-timestamp` is Unix seconds, `banyan-payment-signature` is
 * `v1=` + base64url(HMAC-SHA256(secret, timestamp + "." + raw body)). Every attempt is signed anew, so that a late one
 * is not refused for its age.
 */
export function signedHeaders(secret: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64url');
  return {
    'content-type': 'application/json',
    'banyan-payment-timestamp': timestamp,
    'banyan-payment-signature': `v1=${signature}`,
  };
}
