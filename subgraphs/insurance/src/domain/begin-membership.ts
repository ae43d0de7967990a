import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import { updateMembership, type AidMembershipRow } from '../db/aid-memberships.ts';
import { addToMemberCount, type AidPlanRow } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import { addDays } from './cover-dates.ts';

/** From now on the person is a member, and covered after the waiting days. */
export async function beginMembership(
  trx: Transaction<Database>,
  plan: AidPlanRow,
  membership: AidMembershipRow,
  at: Date,
): Promise<AidMembershipRow> {
  const begun = await updateMembership(trx, membership.id, {
    state: 'JOINED',
    covered_from: addDays(at, plan.waiting_days),
  });
  await addToMemberCount(trx, plan.id, membership.id, 1);
  await appendEvents(trx, [
    {
      type: 'aid.joined',
      subject: membership.id,
      payload: { userId: membership.user_id, planId: plan.id },
    },
  ]);
  return begun;
}
