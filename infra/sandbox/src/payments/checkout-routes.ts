import { withFaults } from '../faults/with-faults.ts';
import type { Faults } from '../faults/faults.ts';
import { jsonBody } from '../http/input.ts';
import { page } from '../http/page.ts';
import { ok, Problem, type Call, type Reply, type Routes } from '../http/reply.ts';
import type { Book, Order } from './book.ts';
import type { DeliveryHints } from './delivery.ts';
import type { Desk, PayRequest } from './desk.ts';
import { payInput } from './input.ts';
import type { Tell } from './payments.ts';
import { viewOrder } from './views.ts';

export interface CheckoutRoutesOptions {
  readonly book: Book;
  readonly desk: Desk;
  readonly faults: Faults;
  readonly tell: Tell;
  readonly now: () => Date;
  readonly publicUrl: () => string;
}

/** Ways to pay on the checkout page. */
const ways: Readonly<Record<string, { readonly label: string; readonly hints: DeliveryHints }>> = {
  pay: { label: '支付 Pay', hints: {} },
  twice: { label: '支付，通知两次 Pay, notify twice', hints: { copies: 2 } },
  late: { label: '支付，一分钟后通知 Pay, notify in a minute', hints: { delayMs: 60_000 } },
  silent: { label: '支付，不通知 Pay, never notify', hints: { drop: true } },
};

/** What the payer does: by hand on the checkout page, or by a test in one call. */
export function checkoutRoutes({ book, desk, faults, tell, now, publicUrl }: CheckoutRoutesOptions): Routes {
  function orderOf(call: Call): Order {
    const order = book.orders.byId.get(call.params['id'] ?? '');
    if (!order) throw new Problem(404, 'NOT_FOUND', 'There is no such order.');
    return order;
  }

  function pay(order: Order, request: PayRequest, hints: DeliveryHints, reply: () => Reply) {
    return withFaults(faults, { service: 'payments', operation: 'pay', subject: order.key }, (declined) => {
      if (declined) throw new Problem(402, 'DECLINED', 'The payer’s bank declined.');
      const { item, replayed } = desk.pay(order, request);
      if (!replayed && item.paid) tell(item.paid.paymentId, hints);
      return reply();
    });
  }

  return {
    'POST /payments/orders/:id/pay': (call) => {
      const order = orderOf(call);
      const { notification, ...request } = jsonBody(call, payInput);
      return pay(order, request, notification, () => ok(viewOrder(order, publicUrl(), now())));
    },
    'POST /payments/orders/:id/notify': (call) => {
      const { paid } = orderOf(call);
      if (!paid) throw new Problem(409, 'NOT_PAID', 'There is nothing to tell yet.');
      tell(paid.paymentId, {});
      return { status: 202, json: { paymentId: paid.paymentId } };
    },
    'GET /payments/checkout/:id': (call) => {
      const order = orderOf(call);
      const { state, orderId } = viewOrder(order, publicUrl(), now());
      const buttons = Object.entries(ways).map(([way, { label }]) => ({
        label,
        action: `/payments/checkout/${orderId}/${way}`,
      }));
      const text = `${order.description} ${order.minor} (minor units) ${order.currency}: ${state}`;
      return { status: 200, html: page('收银台 Checkout', text, state === 'OPEN' ? buttons : []) };
    },
    'POST /payments/checkout/:id/:way': (call) => {
      const order = orderOf(call);
      const way = ways[call.params['way'] ?? ''];
      if (!way) throw new Problem(404, 'NOT_FOUND', 'There is no such way to pay.');
      const location = order.returnUrl ?? `/payments/checkout/${order.orderId}`;
      return pay(order, { afterExpiry: false }, way.hints, () => ({ status: 303, location }));
    },
  };
}
