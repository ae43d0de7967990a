import { Problem } from '../http/reply.ts';
import type { BookEvent, CaptureEvent } from './event.ts';
import type { Journal } from './journal.ts';

/** Money that a merchant has received, by capture or by a paid order. */
export interface Payment {
  readonly paymentId: string;
  readonly merchant: string;
  readonly key: string;
  readonly minor: bigint;
  readonly currency: string;
  readonly at: string;
  readonly notifyUrl: string | null;
  refundedMinor: bigint;
}
export type Order = Extract<BookEvent, { kind: 'ordered' }> & {
  paid: { paymentId: string; minor: string; at: string } | null;
};
export type Refund = Extract<BookEvent, { kind: 'refunded' }>;

/** A line of the statement: money in or money out. */
export type Entry = Payment | Refund;

export interface Book {
  readonly captures: Lookup<CaptureEvent>;
  readonly orders: Lookup<Order>;
  readonly refunds: Lookup<Refund>;
  readonly payments: ReadonlyMap<string, Payment>;
  /** Money in and out, in order of happening. */
  readonly entries: readonly Entry[];
  /** Notifications that nobody has acknowledged. */
  readonly untold: ReadonlySet<string>;
  /** Writes an event to the journal and to the book. */
  record(event: BookEvent): void;
}

export interface Lookup<Item> {
  readonly byId: ReadonlyMap<string, Item>;
  byKey(merchant: string, key: string): Item | undefined;
}

const maxEntries = 2_000_000;

/** The provider's book: everything follows from the journal's events, now and after a restart. */
export function createBook(journal: Journal<BookEvent>): Book {
  const captures = createIndex<CaptureEvent>();
  const orders = createIndex<Order>();
  const refunds = createIndex<Refund>();
  const payments = new Map<string, Payment>();
  const entries: Entry[] = [];
  const untold = new Set<string>();

  function apply(event: BookEvent): void {
    switch (event.kind) {
      case 'captured':
      case 'declined':
        captures.add(event.paymentId, event.merchant, event.key, event);
        if (event.kind === 'captured') receive({ ...event, notifyUrl: null });
        return;
      case 'ordered':
        orders.add(event.orderId, event.merchant, event.key, { ...event, paid: null });
        return;
      case 'paid': {
        const order = orders.byId.get(event.orderId) as Order;
        order.paid = event;
        receive({ ...order, paymentId: event.paymentId, minor: event.minor, at: event.at });
        untold.add(event.paymentId);
        return;
      }
      case 'refunded': {
        const payment = payments.get(event.paymentId) as Payment;
        payment.refundedMinor += BigInt(event.minor);
        refunds.add(event.refundId, event.merchant, event.key, event);
        entries.push(event);
        if (event.notifyUrl !== null) untold.add(event.refundId);
        return;
      }
      case 'told':
        untold.delete(event.eventId);
        return;
      default:
        event satisfies never;
    }
  }

  function receive(payment: Omit<Payment, 'minor' | 'refundedMinor'> & { minor: string }): void {
    const { paymentId, merchant, key, currency, at, notifyUrl } = payment;
    const minor = BigInt(payment.minor);
    const received: Payment = { paymentId, merchant, key, minor, currency, at, notifyUrl, refundedMinor: 0n };
    payments.set(paymentId, received);
    entries.push(received);
  }

  for (const event of journal.read()) apply(event);

  return {
    captures,
    orders,
    refunds,
    payments,
    entries,
    untold,
    record(event) {
      if (entries.length >= maxEntries)
        throw new Problem(503, 'BOOK_FULL', 'The book is full: start with an empty folder.');
      journal.append(event);
      apply(event);
    },
  };
}

interface Index<Item> extends Lookup<Item> {
  add(id: string, merchant: string, key: string, item: Item): void;
}

function createIndex<Item>(): Index<Item> {
  const byId = new Map<string, Item>();
  const byKey = new Map<string, Item>();
  return {
    byId,
    byKey: (merchant, key) => byKey.get(`${merchant} ${key}`),
    add(id, merchant, key, item) {
      byId.set(id, item);
      byKey.set(`${merchant} ${key}`, item);
    },
  };
}
