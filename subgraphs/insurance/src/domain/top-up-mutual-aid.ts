import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockMembership, type AidMembershipRow } from '../db/aid-memberships.ts';
import { findAidPlans } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import { findPaymentByKey, type PaymentRow } from '../db/payments.ts';
import { checkAidAmount, moneyShape } from './aid-amount.ts';
import { topUpKey } from './aid-payment-keys.ts';
import { askForPayment } from './payments/ask-for-payment.ts';
import { openPayment } from './payments/open-payment.ts';
import { alreadyDecided, keyReused, notFound, tooOften } from './refusals.ts';

const inputShape = z.object({ membershipId: typeId('mem'), amount: moneyShape, idempotencyKey });
type Input = z.infer<typeof inputShape>;

/** A membership, and the payment whose checkout its payload shows. */
export interface ToppedUp extends AidMembershipRow {
  readonly shownPaymentId: string;
}

/** Asks for more money for a PREPAID membership; the balance grows once the provider tells of it. */
export async function topUpMutualAid(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ membership: ToppedUp }> {
  const input = parseInput(inputShape, given);

  // 1. The intent to be paid.
  const { membership, payment } = await inTransaction(services.db, async (trx) => {
    const found = await lockMembership(trx, input.membershipId);
    if (found?.user_id !== personId)
      throw notFound('You have no such membership.', '您没有这份互助资格。', 'membershipId');
    return {
      membership: found,
      payment: (await replay(trx, found, input)) ?? (await ask(trx, services, found, input)),
    };
  });

  // 2. The order at the provider, under the payment's own key: asked again it is the same order.
  await askForPayment(services, payment);
  return { membership: { ...membership, shownPaymentId: payment.id } };
}

function fingerprintOf({ amount }: Input): string {
  return inputFingerprint({ amount });
}

async function replay(
  trx: Transaction<Database>,
  membership: AidMembershipRow,
  input: Input,
): Promise<PaymentRow | undefined> {
  const known = await findPaymentByKey(trx, membership.id, topUpKey(input.idempotencyKey));
  if (known !== undefined && known.input_fingerprint !== fingerprintOf(input)) throw keyReused();
  return known;
}

async function ask(
  trx: Transaction<Database>,
  services: Services,
  membership: AidMembershipRow,
  input: Input,
): Promise<PaymentRow> {
  const { allowed, retryAfterSeconds } = await services.limits.aid.attempt(membership.user_id);
  if (!allowed) throw tooOften(retryAfterSeconds);
  const [plan] = await findAidPlans(trx, [membership.plan_id]);
  if (plan === undefined) throw new Error('A membership without its plan.');
  if (plan.funding !== 'PREPAID') {
    throw refuse('NOT_ELIGIBLE', { en: 'Nothing is paid in advance in this plan.', zh: '该计划无需预付。' }, [
      'input',
      'membershipId',
    ]);
  }
  if (membership.state !== 'JOINED') {
    throw alreadyDecided(
      'This membership has ended, or its first amount is not paid.',
      '该互助资格已结束，或首笔金额尚未支付。',
      'membershipId',
    );
  }
  checkAidAmount(plan, input.amount);
  return openPayment(trx, services, {
    payerId: membership.user_id,
    subject: { membershipId: membership.id },
    amount: input.amount,
    description: plan.name.zh,
    key: topUpKey(input.idempotencyKey),
    fingerprint: fingerprintOf(input),
  });
}
