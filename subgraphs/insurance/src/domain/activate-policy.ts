import { appendEvents } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { lockPolicy, updatePolicy } from '../db/policies.ts';
import { findProducts } from '../db/products.ts';
import { coverDates } from './cover-dates.ts';

/** Puts a policy in force whose premium was paid; false when it no longer waits for it. */
export async function activatePolicy(
  trx: Transaction<Database>,
  policyId: string,
  paidAt: Date,
): Promise<boolean> {
  const policy = await lockPolicy(trx, policyId);
  if (policy?.state !== 'PENDING_PAYMENT') return false;
  const [product] = await findProducts(trx, [policy.product_id]);
  if (product === undefined) throw new Error('A policy without its product.');
  await updatePolicy(trx, policy.id, { state: 'ACTIVE', ...coverDates(paidAt, product.cooling_off_days) });
  await appendEvents(trx, [
    {
      type: 'policy.activated',
      subject: policy.id,
      payload: { userId: policy.owner_id, policyId: policy.id, productCode: product.code },
    },
  ]);
  return true;
}
