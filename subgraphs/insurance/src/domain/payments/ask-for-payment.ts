import type { OrderOutcome } from '@banyan/payments';
import type { Services } from '../../context.ts';
import { saveCheckout, type PaymentRow } from '../../db/payments.ts';

/**
 * Makes the order at the provider and keeps where to pay. Whatever goes wrong here, the payment stands and the sweep
 * comes back to it, so nothing is thrown at a caller whose policy exists.
 */
export async function askForPayment(services: Services, payment: PaymentRow): Promise<void> {
  const { db, log } = services;
  if (payment.state !== 'INTENT') return;
  let outcome: OrderOutcome;
  try {
    outcome = await services.provider.createOrder({
      key: payment.provider_key,
      amount: { minor: payment.minor, currency: payment.currency },
      description: payment.description,
      notifyUrl: services.notifyUrl(),
      expiresAt: payment.expires_at,
    });
  } catch (error) {
    // The provider refuses the request as such: the program is wrong, and a person has to look.
    log.error({ err: error, paymentId: payment.id }, 'an order was refused');
    return;
  }
  if (outcome.outcome === 'created') await saveCheckout(db, payment.id, outcome.order);
  else log.warn({ paymentId: payment.id, reason: outcome.reason }, 'nobody knows whether an order was made');
}
