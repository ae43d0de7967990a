import { inTransaction } from '@banyan/kit/database';
import { newId, parseInput, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findBalances, insertAidEntry } from '../db/aid-entries.ts';
import { lockMembership, updateMembership, type AidMembershipRow } from '../db/aid-memberships.ts';
import { addToMemberCount } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import { closeWaitingPayments, lockPaymentsOf, type PaymentRow } from '../db/payments.ts';
import type { RefundRow } from '../db/refunds.ts';
import { requestRefund, sendRefund } from './payments/refund.ts';
import { notFound } from './refusals.ts';

const inputShape = z.object({ membershipId: typeId('mem') });

interface Left {
  readonly membership: AidMembershipRow;
  readonly refunds: readonly RefundRow[];
}

/** Leaves a plan; what is left of the balance goes back to where it came from. Leaving again changes nothing. */
export async function leaveMutualAid(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ membership: AidMembershipRow }> {
  const { membershipId } = parseInput(inputShape, given);

  // 1. The end, the balance at nought and the wish to pay back, in one commit.
  const { membership, refunds } = await inTransaction(services.db, async (trx): Promise<Left> => {
    const payments = await lockPaymentsOf(trx, { membershipId });
    const found = await lockMembership(trx, membershipId);
    if (found?.user_id !== personId)
      throw notFound('You have no such membership.', '您没有这份互助资格。', 'membershipId');
    if (found.state === 'EXITED') return { membership: found, refunds: [] };

    await closeWaitingPayments(trx, { membershipId });
    if (found.state === 'JOINED') await addToMemberCount(trx, found.plan_id, found.id, -1);
    const requested = await returnBalance(trx, services, found, payments);
    const exit = { state: 'EXITED', exited_at: services.now() } as const;
    return { membership: await updateMembership(trx, found.id, exit), refunds: requested };
  });

  // 2. The money back. Without an answer the sweep asks again.
  for (const refund of refunds) await sendRefund(services, refund);
  return { membership };
}

/** Newest payment first, each at most as far as it was paid. */
async function returnBalance(
  trx: Transaction<Database>,
  services: Services,
  membership: AidMembershipRow,
  payments: readonly PaymentRow[],
): Promise<RefundRow[]> {
  const [balance] = await findBalances(trx, [membership.id]);
  let leftMinor = balance?.minor ?? 0n;
  const refunds: RefundRow[] = [];
  const paid = payments.filter(({ state }) => state === 'PAID');
  for (const payment of paid.toSorted((a, b) => b.created_at.getTime() - a.created_at.getTime())) {
    const minor = payment.minor < leftMinor ? payment.minor : leftMinor;
    if (minor <= 0n) break;
    leftMinor -= minor;
    const refund = await requestRefund(trx, services, { payment, minor, reason: 'left the plan' });
    await insertAidEntry(trx, {
      id: newId('ent'),
      membership_id: membership.id,
      kind: 'RETURNED',
      minor: -minor,
      payment_id: null,
      refund_id: refund.id,
      created_at: services.now(),
    });
    refunds.push(refund);
  }
  return refunds;
}
