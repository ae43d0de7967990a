import { newId } from '@banyan/kit/graphql';
import { providerKey, type Money } from '@banyan/payments';
import type { Transaction } from 'kysely';
import type { Services } from '../../context.ts';
import type { Database } from '../../db/database.ts';
import { recordFact } from '../../db/payment-facts.ts';
import { insertPayment, type PaymentRow } from '../../db/payments.ts';

/** Prefix of our order numbers on a statement that several services share. */
export const book = 'ins';
/** How long the payer has. */
const orderLifeMs = 24 * 3_600_000;
/** After which a payment without an outcome is asked about. */
const firstLookMs = 60_000;

export interface PaymentRequest {
  readonly payerId: string;
  readonly subject: { readonly policyId: string } | { readonly membershipId: string };
  readonly amount: Money;
  readonly description: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** Writes down that money will be asked for, before anybody asks: what a crash leaves behind can be found. */
export async function openPayment(
  trx: Transaction<Database>,
  { provider, now }: Services,
  request: PaymentRequest,
): Promise<PaymentRow> {
  const id = newId('pmt');
  const at = now();
  const { subject, amount } = request;
  const payment = await insertPayment(trx, {
    id,
    payer_id: request.payerId,
    policy_id: 'policyId' in subject ? subject.policyId : null,
    membership_id: 'membershipId' in subject ? subject.membershipId : null,
    minor: amount.minor,
    currency: amount.currency,
    provider: provider.name,
    provider_key: providerKey(book, id),
    description: request.description.slice(0, 120),
    state: 'INTENT',
    checkout_url: null,
    expires_at: new Date(at.getTime() + orderLifeMs),
    provider_payment_id: null,
    idempotency_key: request.key,
    input_fingerprint: request.fingerprint,
    look_at: new Date(at.getTime() + firstLookMs),
    created_at: at,
  });
  await recordFact(trx, {
    provider: payment.provider,
    provider_event_id: payment.provider_key,
    kind: 'INTENT',
    payment_id: id,
    minor: payment.minor,
    currency: payment.currency,
    occurred_at: at,
  });
  return payment;
}
