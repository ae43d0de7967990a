import { newId } from '@banyan/kit/graphql';
import type { ProviderPayment } from '@banyan/payments';
import type { Transaction } from 'kysely';
import type { Database } from '../../db/database.ts';
import { recordFact } from '../../db/payment-facts.ts';
import { isWaiting, lockPaymentByProviderKey, updatePayment, type PaymentRow } from '../../db/payments.ts';
import { insertSuspense, type SuspenseRow } from '../../db/suspense.ts';
import { activatePolicy } from '../activate-policy.ts';
import { creditMembership } from '../credit-membership.ts';
import { endUnpaid } from './end-unpaid.ts';

/** What the provider says of an order of ours, by notification or when asked. */
export interface ToldPayment {
  readonly provider: string;
  /** Our key of the order. */
  readonly key: string;
  readonly payment: ProviderPayment;
}

/**
 * Takes note that the provider holds money, once however often it is told. It counts for what it was asked for; when it
 * does not fit it is kept in suspense.
 */
export async function takePayment(
  trx: Transaction<Database>,
  told: ToldPayment,
  now: Date,
): Promise<'counted' | 'known' | SuspenseRow['reason']> {
  const payment = await lockPaymentByProviderKey(trx, told.key);
  const { paymentId, amount, capturedAt } = told.payment;
  const isNews = await recordFact(trx, {
    provider: told.provider,
    provider_event_id: paymentId,
    kind: 'PAID',
    payment_id: payment?.id ?? null,
    minor: amount.minor,
    currency: amount.currency,
    occurred_at: capturedAt,
  });
  if (!isNews) return 'known';

  if (payment === undefined) return suspend(trx, told, null, 'UNKNOWN_ORDER', now);
  if (!isWaiting(payment)) return suspend(trx, told, payment, 'PAID_AFTER_END', now);
  const asked = amount.minor === payment.minor && amount.currency === payment.currency;
  await updatePayment(trx, payment.id, {
    state: asked ? 'PAID' : 'MISPAID',
    provider_payment_id: paymentId,
  });
  if (!asked) {
    await endUnpaid(trx, payment, now);
    return suspend(trx, told, payment, 'WRONG_AMOUNT', now);
  }
  if (await count(trx, payment, capturedAt)) return 'counted';
  return suspend(trx, told, payment, 'PAID_AFTER_END', now);
}

/** False when what was paid for has ended meanwhile. */
function count(trx: Transaction<Database>, payment: PaymentRow, paidAt: Date): Promise<boolean> {
  if (payment.policy_id !== null) return activatePolicy(trx, payment.policy_id, paidAt);
  if (payment.membership_id !== null) return creditMembership(trx, payment, payment.membership_id, paidAt);
  throw new Error('A payment for nothing.');
}

/**
 * Until the provider has confirmed an order that we know, nothing is sent back; one that we do not know is for a person, as is a
 * payment of nothing, of which nothing can go back.
 */
async function suspend(
  trx: Transaction<Database>,
  told: ToldPayment,
  payment: PaymentRow | null,
  reason: SuspenseRow['reason'],
  now: Date,
): Promise<SuspenseRow['reason']> {
  await insertSuspense(trx, {
    id: newId('sus'),
    payment_id: payment?.id ?? null,
    provider: told.provider,
    provider_key: told.key,
    provider_payment_id: told.payment.paymentId,
    minor: told.payment.amount.minor,
    currency: told.payment.amount.currency,
    reason,
    state: payment === null || told.payment.amount.minor === 0n ? 'HELD' : 'OPEN',
    look_at: now,
    created_at: now,
  });
  return reason;
}
