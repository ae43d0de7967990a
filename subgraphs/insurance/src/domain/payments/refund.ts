import { inTransaction } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import { providerKey, type ProviderRefund, type RefundOutcome } from '@banyan/payments';
import type { Transaction } from 'kysely';
import type { Services } from '../../context.ts';
import type { Database } from '../../db/database.ts';
import { recordFact } from '../../db/payment-facts.ts';
import type { PaymentRow } from '../../db/payments.ts';
import { insertRefund, lockRefundByProviderKey, setRefundState, type RefundRow } from '../../db/refunds.ts';
import { setSuspenseState, type SuspenseRow } from '../../db/suspense.ts';
import { book } from './open-payment.ts';

/** After which a refund without an answer is asked for again. */
const firstLookMs = 30_000;

type Origin =
  | { readonly payment: PaymentRow; readonly minor: bigint; readonly reason: string }
  | { readonly suspense: SuspenseRow };

/** Writes down that money goes back, before anybody asks the provider. */
export async function requestRefund(
  trx: Transaction<Database>,
  { now }: Services,
  origin: Origin,
): Promise<RefundRow> {
  const id = newId('rfd');
  const at = now();
  const source = 'payment' in origin ? origin.payment : origin.suspense;
  if (source.provider_payment_id === null) throw new Error('Only what was paid can go back.');
  const refund = await insertRefund(trx, {
    id,
    payment_id: 'payment' in origin ? origin.payment.id : origin.suspense.payment_id,
    suspense_id: 'payment' in origin ? null : origin.suspense.id,
    provider: source.provider,
    provider_key: providerKey(book, id),
    provider_payment_id: source.provider_payment_id,
    minor: 'payment' in origin ? origin.minor : origin.suspense.minor,
    currency: source.currency,
    reason: 'payment' in origin ? origin.reason : origin.suspense.reason,
    state: 'REQUESTED',
    look_at: new Date(at.getTime() + firstLookMs),
    created_at: at,
  });
  await recordFact(trx, factOf(refund, 'REFUND_REQUESTED', refund.provider_key, at));
  return refund;
}

/** Asks the provider to pay back; without an answer the sweep asks again, under the same key. */
export async function sendRefund(services: Services, refund: RefundRow): Promise<void> {
  const { log, provider } = services;
  if (refund.provider !== provider.name) {
    await giveUp(services, refund, 'ANOTHER_PROVIDER');
    return;
  }
  let outcome: RefundOutcome;
  try {
    outcome = await provider.refund({
      key: refund.provider_key,
      paymentId: refund.provider_payment_id,
      amount: { minor: refund.minor, currency: refund.currency },
      reason: refund.reason,
      notifyUrl: services.notifyUrl(),
    });
  } catch (error) {
    // The provider refuses the request as such: the program is wrong, and a person has to look.
    log.error({ err: error, refundId: refund.id }, 'a refund was refused');
    return;
  }
  switch (outcome.outcome) {
    case 'refunded': {
      const told = outcome.refund;
      await inTransaction(services.db, (trx) => recordRefunded(trx, refund.provider_key, told));
      return;
    }
    case 'refused':
      await giveUp(services, refund, outcome.reason);
      return;
    case 'unknown':
      log.warn({ refundId: refund.id, reason: outcome.reason }, 'nobody knows whether a refund was made');
      return;
    default:
      outcome satisfies never;
  }
}

/** Takes note that money has gone back, once however often it is told; false for a refund that is not ours. */
export async function recordRefunded(
  trx: Transaction<Database>,
  key: string,
  told: ProviderRefund,
): Promise<boolean> {
  const refund = await lockRefundByProviderKey(trx, key);
  if (refund === undefined) return false;
  const { refundId, refundedAt } = told;
  if (!(await recordFact(trx, factOf(refund, 'REFUNDED', refundId, refundedAt)))) return true;
  await setRefundState(trx, refund.id, 'REFUNDED');
  if (refund.suspense_id !== null) await setSuspenseState(trx, refund.suspense_id, 'RETURNED');
  return true;
}

/** The money is owed still; asking again will not help, so it waits for a person. */
async function giveUp({ db, log }: Services, refund: RefundRow, reason: string): Promise<void> {
  log.error({ refundId: refund.id, reason }, 'the provider will not pay back');
  await inTransaction(db, async (trx) => {
    const current = await lockRefundByProviderKey(trx, refund.provider_key);
    if (current?.state !== 'REQUESTED') return;
    await setRefundState(trx, refund.id, 'REFUSED');
    if (refund.suspense_id !== null) await setSuspenseState(trx, refund.suspense_id, 'HELD');
  });
}

function factOf(
  refund: RefundRow,
  kind: 'REFUND_REQUESTED' | 'REFUNDED',
  providerEventId: string,
  occurredAt: Date,
) {
  return {
    provider: refund.provider,
    provider_event_id: providerEventId,
    kind,
    payment_id: refund.payment_id,
    minor: refund.minor,
    currency: refund.currency,
    occurred_at: occurredAt,
  };
}
