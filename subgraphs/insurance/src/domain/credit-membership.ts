import { newId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { insertAidEntry } from '../db/aid-entries.ts';
import { lockMembership, type AidMembershipRow } from '../db/aid-memberships.ts';
import { findAidPlans } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import type { PaymentRow } from '../db/payments.ts';
import { beginMembership } from './begin-membership.ts';

/** Adds a payment to a membership's balance, the first of which begins it; false when the member has left. */
export async function creditMembership(
  trx: Transaction<Database>,
  payment: PaymentRow,
  membershipId: string,
  paidAt: Date,
): Promise<boolean> {
  const membership = await lockMembership(trx, membershipId);
  if (membership === undefined || membership.state === 'EXITED') return false;
  await insertAidEntry(trx, {
    id: newId('ent'),
    membership_id: membership.id,
    kind: 'PAID_IN',
    minor: payment.minor,
    payment_id: payment.id,
    refund_id: null,
    created_at: paidAt,
  });
  if (membership.state === 'AWAITING_PAYMENT') await begin(trx, membership, paidAt);
  return true;
}

async function begin(trx: Transaction<Database>, membership: AidMembershipRow, paidAt: Date): Promise<void> {
  const [plan] = await findAidPlans(trx, [membership.plan_id]);
  if (plan === undefined) throw new Error('A membership without its plan.');
  await beginMembership(trx, plan, membership, paidAt);
}
