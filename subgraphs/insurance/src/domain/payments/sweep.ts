import { inTransaction } from '@banyan/kit/database';
import type { Services } from '../../context.ts';
import {
  isWaiting,
  lockPaymentByProviderKey,
  saveCheckout,
  takeDuePayments,
  updatePayment,
  type PaymentRow,
} from '../../db/payments.ts';
import { takeDueRefunds, type RefundRow } from '../../db/refunds.ts';
import { lockSuspense, setSuspenseState, takeDueSuspense, type SuspenseRow } from '../../db/suspense.ts';
import { askForPayment } from './ask-for-payment.ts';
import { endUnpaid } from './end-unpaid.ts';
import { requestRefund, sendRefund } from './refund.ts';
import { takePayment } from './take-payment.ts';

/** Rows of a kind that one tick takes. */
const maxRows = 100;
/** How long after its time a payment that the provider has never heard of is given up. */
const graceMs = 10 * 60_000;

/**
 * Asks the provider about everything that is due and has no outcome: payments nobody told of, money in suspense, refunds
 * without an answer. Any number of processes may tick. Gives how much it looked at.
 */
export async function sweepPayments(services: Services): Promise<number> {
  const { db } = services;
  const now = services.now();
  const payments = await takeDuePayments(db, now, maxRows);
  for (const payment of payments) await safely(services, payment.id, () => settlePayment(services, payment));
  const suspense = await takeDueSuspense(db, now, maxRows);
  for (const row of suspense) await safely(services, row.id, () => settleSuspense(services, row));
  const refunds = await takeDueRefunds(db, now, maxRows);
  for (const refund of refunds) await safely(services, refund.id, () => sendRefund(services, refund));
  return payments.length + suspense.length + refunds.length;
}

/** One that fails does not hold back the others; its next look is put off already. */
async function safely({ log }: Services, id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error, id }, 'the sweep could not settle this');
  }
}

async function settlePayment(services: Services, payment: PaymentRow): Promise<void> {
  const { db, provider } = services;
  const now = services.now();
  const status = await provider.queryOrder(payment.provider_key);
  switch (status.outcome) {
    case 'paid': {
      const told = { provider: provider.name, key: payment.provider_key, payment: status.payment };
      await inTransaction(db, (trx) => takePayment(trx, told, now));
      return;
    }
    case 'open':
      await saveCheckout(db, payment.id, status.order);
      return;
    case 'expired':
      await close(services, payment);
      return;
    case 'absent':
      if (payment.expires_at > now) await askForPayment(services, payment);
      else if (now.getTime() > payment.expires_at.getTime() + graceMs) await close(services, payment);
      return;
    case 'unknown':
      return;
    default:
      status satisfies never;
  }
}

/** Nobody can pay it any more. Should money come all the same, it goes to suspense and back. */
async function close({ db, now }: Services, payment: PaymentRow): Promise<void> {
  await inTransaction(db, async (trx) => {
    const current = await lockPaymentByProviderKey(trx, payment.provider_key);
    if (current === undefined || !isWaiting(current)) return;
    await updatePayment(trx, current.id, { state: 'CLOSED' });
    await endUnpaid(trx, current, now());
  });
}

/** Money that we cannot use goes back once the provider itself says that it holds it. */
async function settleSuspense(services: Services, row: SuspenseRow): Promise<void> {
  const { db, provider, log } = services;
  const status = await provider.queryOrder(row.provider_key);
  if (status.outcome !== 'paid') {
    log.warn({ suspenseId: row.id, outcome: status.outcome }, 'suspense is not confirmed yet');
    return;
  }
  const { paymentId, amount } = status.payment;
  const confirmed =
    paymentId === row.provider_payment_id && amount.minor === row.minor && amount.currency === row.currency;
  const refund = await inTransaction(db, async (trx): Promise<RefundRow | null> => {
    const current = await lockSuspense(trx, row.id);
    if (current?.state !== 'OPEN') return null;
    await setSuspenseState(trx, row.id, confirmed ? 'RETURNING' : 'HELD');
    return confirmed ? requestRefund(trx, services, { suspense: current }) : null;
  });
  if (!confirmed) log.error({ suspenseId: row.id }, 'the provider tells another payment of this order');
  if (refund !== null) await sendRefund(services, refund);
}
