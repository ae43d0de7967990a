import { randomUUID } from 'node:crypto';
import { Problem } from '../http/reply.ts';
import type { Book, Order, Payment, Refund } from './book.ts';
import type { CaptureEvent } from './event.ts';

interface MoneyText {
  readonly minor: string;
  readonly currency: string;
}
interface CaptureRequest {
  readonly amount: MoneyText;
}
interface OrderRequest {
  readonly merchantOrder: string;
  readonly amount: MoneyText;
  readonly description: string;
  readonly notifyUrl: string;
  readonly returnUrl: string | null;
  readonly expiresAt: string;
}
export interface PayRequest {
  /** What the payer sends, if not what was asked. */
  readonly minor?: string | undefined;
  /** Money that arrives although the order has expired. */
  readonly afterExpiry: boolean;
}
interface RefundRequest {
  readonly paymentId: string;
  readonly amount: MoneyText;
  readonly reason: string;
  readonly notifyUrl: string | null;
}
/** `replayed`: the key was known, nothing happened now. */
interface Done<Item> {
  readonly item: Item;
  readonly replayed: boolean;
}

export interface Desk {
  capture(merchant: string, key: string, request: CaptureRequest, declined: boolean): Done<CaptureEvent>;
  order(merchant: string, request: OrderRequest): Done<Order>;
  pay(order: Order, request: PayRequest): Done<Order>;
  refund(merchant: string, key: string, request: RefundRequest): Done<Refund>;
}

/** What merchants and payers can do. Each refuses with a Problem before it writes anything. */
export function createDesk(book: Book, now: () => Date): Desk {
  const at = () => now().toISOString();

  return {
    capture(merchant, key, { amount }, declined) {
      const known = book.captures.byKey(merchant, key);
      if (known) return replay(known, known.minor === amount.minor && known.currency === amount.currency);
      const event: CaptureEvent = {
        kind: declined ? 'declined' : 'captured',
        paymentId: newId('pay'),
        merchant,
        key,
        ...amount,
        at: at(),
      };
      book.record(event);
      return { item: event, replayed: false };
    },

    order(merchant, { merchantOrder, amount, ...rest }) {
      const known = book.orders.byKey(merchant, merchantOrder);
      // The time of expiry is left out: a retry counts its minutes from a later now.
      if (known) return replay(known, known.minor === amount.minor && known.currency === amount.currency);
      const orderId = newId('ord');
      book.record({ kind: 'ordered', orderId, merchant, key: merchantOrder, ...amount, ...rest, at: at() });
      return { item: book.orders.byId.get(orderId) as Order, replayed: false };
    },

    pay(order, { minor, afterExpiry }) {
      if (order.paid) return { item: order, replayed: true };
      if (isExpired(order, now()) && !afterExpiry) {
        throw new Problem(409, 'ORDER_EXPIRED', 'This order has expired.');
      }
      const paymentId = newId('pay');
      book.record({ kind: 'paid', orderId: order.orderId, paymentId, minor: minor ?? order.minor, at: at() });
      return { item: order, replayed: false };
    },

    refund(merchant, key, { paymentId, amount, reason, notifyUrl }) {
      const known = book.refunds.byKey(merchant, key);
      if (known) return replay(known, known.minor === amount.minor && known.paymentId === paymentId);
      const payment = book.payments.get(paymentId);
      if (payment?.merchant !== merchant) throw new Problem(404, 'NOT_FOUND', 'There is no such payment.');
      checkRefund(payment, amount);
      const refundId = newId('ref');
      const told = notifyUrl ?? payment.notifyUrl;
      const { minor } = amount;
      book.record({
        kind: 'refunded',
        refundId,
        paymentId,
        merchant,
        key,
        minor,
        reason,
        notifyUrl: told,
        at: at(),
      });
      return { item: book.refunds.byId.get(refundId) as Refund, replayed: false };
    },
  };
}

export function isExpired(order: Order, now: Date): boolean {
  return !order.paid && now.getTime() >= Date.parse(order.expiresAt);
}

function replay<Item>(item: Item, sameInput: boolean): Done<Item> {
  if (!sameInput) throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'This key was used for something else.');
  return { item, replayed: true };
}

function checkRefund(payment: Payment, amount: MoneyText): void {
  if (amount.currency !== payment.currency) {
    throw new Problem(422, 'CURRENCY_MISMATCH', `The payment is in ${payment.currency}.`);
  }
  if (payment.refundedMinor + BigInt(amount.minor) > payment.minor) {
    throw new Problem(422, 'REFUND_EXCEEDS_PAYMENT', 'Less than that is left of the payment.');
  }
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}
