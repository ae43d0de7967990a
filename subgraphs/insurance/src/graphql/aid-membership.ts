import type { Payload } from '@banyan/kit/graphql';
import { builder, InsuranceUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import type { AidMembershipRow } from '../db/aid-memberships.ts';
import type { AidPlanRow } from '../db/aid-plans.ts';
import { joinMutualAid } from '../domain/join-mutual-aid.ts';
import { leaveMutualAid } from '../domain/leave-mutual-aid.ts';
import { membershipState } from '../domain/states.ts';
import { topUpMutualAid, type ToppedUp } from '../domain/top-up-mutual-aid.ts';
import { aidMembershipStates } from '../domain/words.ts';
import { act } from './act.ts';
import { Checkout, checkoutOf } from './checkout.ts';
import { MutualAidPlan } from './mutual-aid-plan.ts';
import { ownOrNull } from './own.ts';

const AidMembershipState = builder.enumType('AidMembershipState', { values: aidMembershipStates });

async function planOf({ plan_id }: AidMembershipRow, { loaders }: Context): Promise<AidPlanRow> {
  const plan = await loaders.plan.load(plan_id);
  if (plan === null) throw new Error('A membership without its plan.');
  return plan;
}

/** The payment that the answer is about, else the newest that is to be paid. */
async function checkoutFor(membership: AidMembershipRow | ToppedUp, { loaders, now }: Context) {
  const payment =
    'shownPaymentId' in membership
      ? await loaders.payment.load(membership.shownPaymentId)
      : await loaders.membershipCheckout.load(membership.id);
  return checkoutOf(payment, now());
}

export const AidMembership = builder.objectRef<AidMembershipRow | ToppedUp>('AidMembership').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    plan: t.field({
      type: MutualAidPlan,
      resolve: (membership, _args, context) => planOf(membership, context),
    }),
    coveredFrom: t.expose('covered_from', {
      type: 'DateTime',
      description: 'Of a membership that is not paid: when cover would begin if it were paid at once.',
    }),
    balance: t.field({
      type: 'Money',
      resolve: async (membership, _args, context) => {
        const [plan, balance] = await Promise.all([
          planOf(membership, context),
          context.loaders.balance.load(membership.id),
        ]);
        return { minor: balance?.minor ?? 0n, currency: plan.currency };
      },
    }),
    checkout: t.field({
      type: Checkout,
      nullable: true,
      resolve: (membership, _args, context) => checkoutFor(membership, context),
    }),
    state: t.field({
      type: AidMembershipState,
      resolve: (membership, _args, { now }) => membershipState(membership, now()),
    }),
  }),
});

builder.asEntity(AidMembership, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) =>
    ownOrNull(
      context,
      { prefix: 'mem', id },
      (membershipId) => context.loaders.membership.load(membershipId),
      (membership) => membership.user_id,
    ),
});

const AidMembershipPayload = builder
  .objectRef<Payload<{ membership: AidMembershipRow | ToppedUp }>>('AidMembershipPayload')
  .implement({
    fields: (t) => ({
      membership: t.expose('membership', { type: AidMembership, nullable: true }),
      userErrors: t.expose('userErrors', { type: [InsuranceUserError] }),
    }),
  });

const JoinMutualAidInput = builder.inputType('JoinMutualAidInput', {
  fields: (t) => ({
    planId: t.id(),
    healthDeclared: t.boolean(),
    amount: t.field({ type: 'MoneyInput', required: false }),
    idempotencyKey: t.string(),
  }),
});

builder.mutationField('joinMutualAid', (t) =>
  t.field({
    type: AidMembershipPayload,
    directives: { cost: { weight: 50 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: JoinMutualAidInput }) },
    resolve: (_root, { input }, context) => act(context, joinMutualAid, input),
  }),
);

const TopUpMutualAidInput = builder.inputType('TopUpMutualAidInput', {
  fields: (t) => ({
    membershipId: t.id(),
    amount: t.field({ type: 'MoneyInput' }),
    idempotencyKey: t.string(),
  }),
});

builder.mutationField('topUpMutualAid', (t) =>
  t.field({
    type: AidMembershipPayload,
    directives: { cost: { weight: 50 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: TopUpMutualAidInput }) },
    resolve: (_root, { input }, context) => act(context, topUpMutualAid, input),
  }),
);

const LeaveMutualAidInput = builder.inputType('LeaveMutualAidInput', {
  fields: (t) => ({ membershipId: t.id() }),
});

builder.mutationField('leaveMutualAid', (t) =>
  t.field({
    type: AidMembershipPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: LeaveMutualAidInput }) },
    resolve: (_root, { input }, context) => act(context, leaveMutualAid, input),
  }),
);
