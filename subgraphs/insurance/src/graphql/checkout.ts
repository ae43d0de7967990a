import { builder } from '../builder.ts';
import type { PaymentRow } from '../db/payments.ts';

export interface CheckoutSource {
  readonly provider: string;
  readonly url: string;
  readonly expiresAt: Date;
}

export const Checkout = builder.objectRef<CheckoutSource>('Checkout').implement({
  description: 'Where the payer completes a payment; null where it is already captured.',
  shareable: true,
  fields: (t) => ({
    provider: t.exposeString('provider'),
    url: t.exposeString('url'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});

/** Null unless the payment waits for its payer, and the payer can get there. */
export function checkoutOf(payment: PaymentRow | null, now: Date): CheckoutSource | null {
  if (payment?.state !== 'OPEN' || payment.checkout_url === null || payment.expires_at <= now) return null;
  return { provider: payment.provider, url: payment.checkout_url, expiresAt: payment.expires_at };
}
