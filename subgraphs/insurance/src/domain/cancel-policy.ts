import { inTransaction } from '@banyan/kit/database';
import {
  idempotencyKey,
  inputFingerprint,
  parseInput,
  refuse,
  typeId,
  writtenText,
} from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { Database } from '../db/database.ts';
import { closeWaitingPayments, lockPaymentsOf } from '../db/payments.ts';
import { lockPolicy, updatePolicy, type PolicyRow } from '../db/policies.ts';
import type { RefundRow } from '../db/refunds.ts';
import { requestRefund, sendRefund } from './payments/refund.ts';
import { alreadyDecided, keyReused, notFound } from './refusals.ts';

const inputShape = z.object({ policyId: typeId('pol'), reason: writtenText(500), idempotencyKey });

interface Cancelled {
  readonly policy: PolicyRow;
  readonly refunds: readonly RefundRow[];
}

/** Ends a policy within its cooling-off, with the whole premium back; one that was never paid just ends. */
export async function cancelPolicy(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ policy: PolicyRow }> {
  const { idempotencyKey: key, ...input } = parseInput(inputShape, given);
  const request = { key, reason: input.reason, fingerprint: inputFingerprint(input) };

  // 1. The end and the wish to pay back, in one commit.
  const { policy, refunds } = await inTransaction(services.db, async (trx): Promise<Cancelled> => {
    const payments = await lockPaymentsOf(trx, { policyId: input.policyId });
    const found = await lockPolicy(trx, input.policyId);
    if (found?.owner_id !== personId)
      throw notFound('You have no such policy.', '您没有这份保单。', 'policyId');
    if (found.cancel_key !== null) return { policy: replay(found, request), refunds: [] };
    checkCancellable(found, services.now());

    await closeWaitingPayments(trx, { policyId: found.id });
    const requested: RefundRow[] = [];
    for (const payment of payments.filter(({ state }) => state === 'PAID'))
      requested.push(
        await requestRefund(trx, services, { payment, minor: payment.minor, reason: 'cooling-off' }),
      );
    return { policy: await cancel(trx, found, request), refunds: requested };
  });

  // 2. The money back. Without an answer the sweep asks again.
  for (const refund of refunds) await sendRefund(services, refund);
  return { policy };
}

interface CancelRequest {
  readonly key: string;
  readonly reason: string;
  readonly fingerprint: string;
}

function replay(policy: PolicyRow, request: CancelRequest): PolicyRow {
  if (policy.cancel_key !== request.key)
    throw alreadyDecided('This policy has been cancelled.', '该保单已退保。', 'policyId');
  if (policy.cancel_fingerprint !== request.fingerprint) throw keyReused();
  return policy;
}

function cancel(trx: Transaction<Database>, policy: PolicyRow, request: CancelRequest): Promise<PolicyRow> {
  return updatePolicy(trx, policy.id, {
    state: 'CANCELLED',
    cancel_reason: request.reason,
    cancel_key: request.key,
    cancel_fingerprint: request.fingerprint,
  });
}

function checkCancellable(policy: PolicyRow, now: Date): void {
  switch (policy.state) {
    case 'PENDING_PAYMENT':
      return;
    case 'CANCELLED':
    case 'LAPSED':
      throw alreadyDecided('This policy has ended.', '该保单已终止。', 'policyId');
    case 'ACTIVE':
      if (now <= policy.cooling_off_until) return;
      throw refuse('COOLING_OFF_OVER', { en: 'The cooling-off period is over.', zh: '犹豫期已过。' }, [
        'input',
        'policyId',
      ]);
    default:
      policy.state satisfies never;
  }
}
