import { inTransaction } from '@banyan/kit/database';
import { idempotencyKey, inputFingerprint, newId, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { findMembershipByKey, insertMembership, type AidMembershipRow } from '../db/aid-memberships.ts';
import { findAidPlans, type AidPlanRow } from '../db/aid-plans.ts';
import type { Database } from '../db/database.ts';
import { findPaymentByKey, type PaymentRow } from '../db/payments.ts';
import { checkAidAmount, moneyShape } from './aid-amount.ts';
import { beginMembership } from './begin-membership.ts';
import { addDays } from './cover-dates.ts';
import { askForPayment } from './payments/ask-for-payment.ts';
import { openPayment } from './payments/open-payment.ts';
import { alreadyDecided, keyReused, notFound, tooOften } from './refusals.ts';
import { joinKey } from './aid-payment-keys.ts';

const inputShape = z.object({
  planId: typeId('pln'),
  healthDeclared: z.boolean(),
  amount: moneyShape.nullish().transform((amount) => amount ?? null),
  idempotencyKey,
});
type Input = z.infer<typeof inputShape>;

interface Joined {
  readonly membership: AidMembershipRow;
  readonly payment: PaymentRow | undefined;
}

/** Joins a plan: a POST_SHARE plan at once, a PREPAID one as soon as the provider tells of the first amount. */
export async function joinMutualAid(
  services: Services,
  personId: string,
  given: unknown,
): Promise<{ membership: AidMembershipRow }> {
  const input = parseInput(inputShape, given);
  const { idempotencyKey: _key, ...rest } = input;
  const fingerprint = inputFingerprint(rest);

  // 1. Membership and intent to be paid, in one commit.
  const { membership, payment } = await inTransaction(services.db, async (trx): Promise<Joined> => {
    const known = await replay(trx, personId, input, fingerprint);
    if (known !== undefined) return known;
    const { allowed, retryAfterSeconds } = await services.limits.aid.attempt(personId);
    if (!allowed) throw tooOften(retryAfterSeconds);
    const [plan] = await findAidPlans(trx, [input.planId]);
    if (plan === undefined) throw notFound('There is no such plan.', '没有这个互助计划。', 'planId');
    checkJoinable(plan, input);
    return (
      (await join(trx, services, plan, personId, input, fingerprint)) ??
      lost(trx, personId, input, fingerprint)
    );
  });

  // 2. The order at the provider, under the payment's own key: asked again it is the same order.
  if (payment !== undefined) await askForPayment(services, payment);
  return { membership };
}

/** What the key got before; undefined when it is new. */
async function replay(
  trx: Transaction<Database>,
  userId: string,
  { planId, idempotencyKey: key }: Input,
  fingerprint: string,
): Promise<Joined | undefined> {
  const membership = await findMembershipByKey(trx, { userId, planId, key });
  if (membership === undefined) return undefined;
  if (membership.input_fingerprint !== fingerprint) throw keyReused();
  return { membership, payment: await findPaymentByKey(trx, membership.id, joinKey(key)) };
}

function checkJoinable(plan: AidPlanRow, { healthDeclared, amount }: Input): void {
  if (plan.state !== 'OPEN') {
    throw refuse('NOT_ELIGIBLE', { en: 'This plan takes no new members.', zh: '该计划已停止接收新成员。' }, [
      'input',
      'planId',
    ]);
  }
  if (!healthDeclared) {
    throw refuse(
      'NOT_ELIGIBLE',
      { en: 'Who joins declares to meet the plan’s conditions of health.', zh: '加入前须确认符合健康要求。' },
      ['input', 'healthDeclared'],
    );
  }
  if (plan.funding === 'PREPAID' && amount !== null) checkAidAmount(plan, amount);
  else if (plan.funding === 'PREPAID' || amount !== null) {
    throw refuse(
      'INVALID_INPUT',
      plan.funding === 'PREPAID'
        ? { en: 'This plan takes a first amount.', zh: '该计划需预付首笔金额。' }
        : { en: 'Nothing is paid in advance in this plan.', zh: '该计划无需预付。' },
      ['input', 'amount'],
    );
  }
}

/** Undefined when another request was there first. */
async function join(
  trx: Transaction<Database>,
  services: Services,
  plan: AidPlanRow,
  userId: string,
  input: Input,
  fingerprint: string,
): Promise<Joined | undefined> {
  const now = services.now();
  const membership = await insertMembership(trx, {
    id: newId('mem'),
    plan_id: plan.id,
    user_id: userId,
    state: 'AWAITING_PAYMENT',
    covered_from: addDays(now, plan.waiting_days),
    idempotency_key: input.idempotencyKey,
    input_fingerprint: fingerprint,
    created_at: now,
    exited_at: null,
  });
  if (membership === undefined) return undefined;
  if (input.amount === null) {
    return { membership: await beginMembership(trx, plan, membership, now), payment: undefined };
  }
  const payment = await openPayment(trx, services, {
    payerId: userId,
    subject: { membershipId: membership.id },
    amount: input.amount,
    description: plan.name.zh,
    key: joinKey(input.idempotencyKey),
    fingerprint,
  });
  return { membership, payment };
}

/** Another request was there first: with this key it is the same request, else the person is a member already. */
async function lost(
  trx: Transaction<Database>,
  userId: string,
  input: Input,
  fingerprint: string,
): Promise<Joined> {
  const same = await replay(trx, userId, input, fingerprint);
  if (same !== undefined) return same;
  throw alreadyDecided('You are in this plan already.', '您已加入该计划。', 'planId');
}
