import { withFaults } from '../faults/with-faults.ts';
import type { Faults } from '../faults/faults.ts';
import { idempotencyKey, jsonBody } from '../http/input.ts';
import { ok, Problem, type Call, type Routes } from '../http/reply.ts';
import type { Book, Lookup, Refund } from './book.ts';
import type { Desk } from './desk.ts';
import { captureInput, orderInput, refundInput } from './input.ts';
import type { Authenticate } from './merchants.ts';
import type { Tell } from './payments.ts';
import { viewCapture, viewOrder, viewRefund } from './views.ts';

export interface MerchantRoutesOptions {
  readonly book: Book;
  readonly desk: Desk;
  readonly faults: Faults;
  readonly tell: Tell;
  readonly authenticate: Authenticate;
  readonly now: () => Date;
  readonly publicUrl: () => string;
}

/** What a merchant's server calls. */
export function merchantRoutes(options: MerchantRoutesOptions): Routes {
  const { book, desk, faults, tell, authenticate, now, publicUrl } = options;
  const currencyOf = (refund: Refund) => book.payments.get(refund.paymentId)?.currency ?? '';

  /** Answers a question about one thing of the caller's, by our id or by the caller's key. */
  const query =
    <Item extends { readonly merchant: string; readonly key: string }>(
      lookup: Lookup<Item>,
      view: (item: Item) => unknown,
    ) =>
    (call: Call) => {
      const merchant = authenticate(call);
      const id = call.params['id'];
      const key = call.query.get('merchantKey') ?? '';
      return withFaults(faults, { service: 'payments', operation: 'query', subject: id ?? key }, () => {
        const item = id === undefined ? lookup.byKey(merchant, key) : lookup.byId.get(id);
        if (item?.merchant !== merchant)
          throw new Problem(404, 'NOT_FOUND', 'There is nothing of that number.');
        return ok(view(item));
      });
    };

  const queryCapture = query(book.captures, viewCapture);
  const queryOrder = query(book.orders, (order) => viewOrder(order, publicUrl(), now()));
  const queryRefund = query(book.refunds, (refund) => viewRefund(refund, currencyOf(refund)));

  return {
    'POST /payments/captures': (call) => {
      const merchant = authenticate(call);
      const key = idempotencyKey(call);
      const { amount } = jsonBody(call, captureInput);
      return withFaults(faults, { service: 'payments', operation: 'capture', subject: key }, (declined) => {
        const { item, replayed } = desk.capture(merchant, key, { amount }, declined);
        return ok(viewCapture(item), replayHeader(replayed));
      });
    },
    'POST /payments/orders': (call) => {
      const merchant = authenticate(call);
      const input = jsonBody(call, orderInput);
      return withFaults(
        faults,
        { service: 'payments', operation: 'order', subject: input.merchantOrder },
        () => {
          const { item, replayed } = desk.order(merchant, input);
          return ok(viewOrder(item, publicUrl(), now()), replayHeader(replayed));
        },
      );
    },
    'POST /payments/refunds': (call) => {
      const merchant = authenticate(call);
      const key = idempotencyKey(call);
      const input = jsonBody(call, refundInput);
      return withFaults(faults, { service: 'payments', operation: 'refund', subject: key }, (declined) => {
        if (declined) throw new Problem(422, 'REFUND_DECLINED', 'The payer’s bank takes no refund.');
        const { item, replayed } = desk.refund(merchant, key, input);
        if (!replayed) tell(item.refundId, {});
        return ok(viewRefund(item, currencyOf(item)), replayHeader(replayed));
      });
    },
    'GET /payments/captures': queryCapture,
    'GET /payments/captures/:id': queryCapture,
    'GET /payments/orders': queryOrder,
    'GET /payments/orders/:id': queryOrder,
    'GET /payments/refunds': queryRefund,
    'GET /payments/refunds/:id': queryRefund,
  };
}

function replayHeader(replayed: boolean): Record<string, string> {
  return replayed ? { 'idempotent-replayed': 'true' } : {};
}
