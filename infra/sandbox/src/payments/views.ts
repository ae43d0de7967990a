import type { Order, Refund } from './book.ts';
import { isExpired } from './desk.ts';
import type { CaptureEvent } from './event.ts';

export function viewCapture({ kind, paymentId, key, minor, currency, at }: CaptureEvent) {
  return {
    paymentId,
    merchantKey: key,
    state: kind === 'captured' ? 'CAPTURED' : 'DECLINED',
    declineReason: kind === 'declined' ? 'DECLINED_BY_PAYER' : null,
    amount: { minor, currency },
    at,
  };
}

export function viewOrder(order: Order, publicUrl: string, now: Date) {
  const { orderId, key, minor, currency, expiresAt, paid } = order;
  return {
    orderId,
    merchantOrder: key,
    state: paid ? 'PAID' : isExpired(order, now) ? 'EXPIRED' : 'OPEN',
    amount: { minor, currency },
    checkoutUrl: `${publicUrl}/payments/checkout/${orderId}`,
    expiresAt,
    payment: paid && { paymentId: paid.paymentId, amount: { minor: paid.minor, currency }, at: paid.at },
  };
}

export function viewRefund({ refundId, key, paymentId, minor, at }: Refund, currency: string) {
  return { refundId, merchantKey: key, paymentId, state: 'PAID', amount: { minor, currency }, at };
}
