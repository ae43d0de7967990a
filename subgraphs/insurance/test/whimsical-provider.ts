import type {
  Money,
  OrderOutcome,
  OrderStatus,
  PaymentEvent,
  PaymentProvider,
  ProviderPayment,
  ProviderRefund,
  RefundOutcome,
} from '@banyan/payments';

interface Order {
  readonly key: string;
  readonly orderId: string;
  readonly asked: Money;
  readonly expiresAt: Date;
  payment: ProviderPayment | null;
}

/** A provider in memory whose answers get lost as a test wants; what it did it did all the same. */
export interface WhimsicalProvider extends PaymentProvider {
  /** Of each call to come: whether it is lost before it has an effect, after it, or not at all. */
  whims: ('lost before' | 'lost after' | 'fine')[];
  readonly orders: Map<string, Order>;
  readonly refunds: Map<string, ProviderRefund>;
  /** The payer pays the order with this key; null when there is none, or it is paid. */
  pay(key: string, minor: bigint): PaymentEvent | null;
  refundEvents(): PaymentEvent[];
  /** The text under which an event travels. */
  write(event: PaymentEvent): string;
}

const lost = { outcome: 'unknown', reason: 'timeout' } as const;

export function createWhimsicalProvider(now: () => Date): WhimsicalProvider {
  const orders = new Map<string, Order>();
  const refunds = new Map<string, ProviderRefund>();
  const told = new Map<string, PaymentEvent>();
  let numbers = 0;
  const number = (prefix: string) => `${prefix}_${(numbers += 1)}`;

  function withWhim<Outcome>(
    whims: WhimsicalProvider['whims'],
    effect: () => Outcome,
  ): Outcome | typeof lost {
    const whim = whims.shift() ?? 'fine';
    if (whim === 'lost before') return lost;
    const outcome = effect();
    return whim === 'lost after' ? lost : outcome;
  }
  const shown = ({ orderId, expiresAt }: Order) => ({
    orderId,
    expiresAt,
    checkoutUrl: `http://provider/checkout/${orderId}`,
  });

  const provider: WhimsicalProvider = {
    name: 'whimsical',
    whims: [],
    orders,
    refunds,
    pay(key, minor) {
      const order = orders.get(key);
      if (order === undefined || order.payment !== null) return null;
      const amount = { minor, currency: order.asked.currency };
      order.payment = { paymentId: number('pay'), amount, capturedAt: now() };
      return {
        type: 'order.paid',
        eventId: number('evt'),
        key,
        orderId: order.orderId,
        payment: order.payment,
      };
    },
    refundEvents: () =>
      Array.from(refunds, ([key, refund]) => ({ type: 'refund.paid', eventId: number('evt'), key, refund })),
    write(event) {
      told.set(event.eventId, event);
      return event.eventId;
    },
    createOrder: async ({ key, amount, expiresAt }): Promise<OrderOutcome> =>
      withWhim(provider.whims, () => {
        const order = orders.get(key) ?? {
          key,
          orderId: number('ord'),
          asked: amount,
          expiresAt,
          payment: null,
        };
        orders.set(key, order);
        return { outcome: 'created', order: shown(order) };
      }),
    queryOrder: async (key): Promise<OrderStatus> =>
      withWhim(provider.whims, () => {
        const order = orders.get(key);
        if (order === undefined) return { outcome: 'absent' };
        if (order.payment !== null) return { outcome: 'paid', order: shown(order), payment: order.payment };
        return { outcome: order.expiresAt <= now() ? 'expired' : 'open', order: shown(order) };
      }),
    refund: async ({ key, paymentId, amount }): Promise<RefundOutcome> =>
      withWhim(provider.whims, () => {
        const refund = refunds.get(key) ?? { refundId: number('ref'), paymentId, amount, refundedAt: now() };
        refunds.set(key, refund);
        return { outcome: 'refunded', refund };
      }),
    queryRefund: async (key) => {
      const refund = refunds.get(key);
      return refund ? { outcome: 'refunded', refund } : { outcome: 'absent' };
    },
    capture: () => Promise.reject(new Error('nothing is captured at once here')),
    queryCapture: () => Promise.reject(new Error('nothing is captured at once here')),
    verifyNotification: (_headers, rawBody) => {
      const event = told.get(Buffer.from(rawBody).toString());
      if (event === undefined) throw new Error('a test told something that nobody said');
      return event;
    },
    close: () => Promise.resolve(),
  };
  return provider;
}
