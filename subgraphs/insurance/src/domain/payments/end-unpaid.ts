import type { Transaction } from 'kysely';
import { lockMembership, updateMembership } from '../../db/aid-memberships.ts';
import type { Database } from '../../db/database.ts';
import type { PaymentRow } from '../../db/payments.ts';
import { lockPolicy, updatePolicy } from '../../db/policies.ts';

/** Ends what waited for a payment that will not come. A top-up that fails ends nothing. */
export async function endUnpaid(trx: Transaction<Database>, payment: PaymentRow, now: Date): Promise<void> {
  if (payment.policy_id !== null) {
    const policy = await lockPolicy(trx, payment.policy_id);
    if (policy?.state === 'PENDING_PAYMENT') await updatePolicy(trx, policy.id, { state: 'LAPSED' });
  }
  if (payment.membership_id !== null) {
    const membership = await lockMembership(trx, payment.membership_id);
    if (membership?.state === 'AWAITING_PAYMENT')
      await updateMembership(trx, membership.id, { state: 'EXITED', exited_at: now });
  }
}
