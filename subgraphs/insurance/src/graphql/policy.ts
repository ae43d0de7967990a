import { defineConnection, type Payload } from '@banyan/kit/graphql';
import { ageBandOf } from '@banyan/vocabulary';
import { builder, InsuranceUserError } from '../builder.ts';
import type { Context } from '../context.ts';
import type { PolicyRow } from '../db/policies.ts';
import { calendarYear } from '../domain/ages.ts';
import { bindPolicy } from '../domain/bind-policy.ts';
import { cancelPolicy } from '../domain/cancel-policy.ts';
import { policyState } from '../domain/states.ts';
import { policyStates } from '../domain/words.ts';
import { act } from './act.ts';
import { Checkout, checkoutOf } from './checkout.ts';
import { AgeBandEnum } from './enums.ts';
import { InsuranceProduct } from './insurance-product.ts';
import { ownOrNull } from './own.ts';

export const PolicyStateEnum = builder.enumType('PolicyState', { values: policyStates });

const PolicyHolder = builder.objectRef<PolicyRow>('PolicyHolder').implement({
  description: 'What a partner may see of a holder.',
  fields: (t) => ({
    reference: t.exposeString('holder_reference'),
    ageBand: t.field({
      type: AgeBandEnum,
      nullable: true,
      resolve: ({ birth_year }, _args, { now }) => ageBandOf(birth_year, calendarYear(now())),
    }),
    regionCode: t.exposeString('region_code', { nullable: true }),
  }),
});

const Policy = builder.objectRef<PolicyRow>('Policy').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    number: t.exposeString('number'),
    product: t.field({
      type: InsuranceProduct,
      description: 'The version that was bought.',
      resolve: async ({ product_id }, _args, { loaders }) => {
        const product = await loaders.product.load(product_id);
        if (product === null) throw new Error('A policy without its product.');
        return product;
      },
    }),
    premium: t.field({
      type: 'Money',
      resolve: ({ premium_minor, currency }) => ({ minor: premium_minor, currency }),
    }),
    policyHolder: t.field({ type: PolicyHolder, resolve: (policy) => policy }),
    state: t.field({
      type: PolicyStateEnum,
      resolve: (policy, _args, { now }) => policyState(policy, now()),
    }),
    checkout: t.field({
      type: Checkout,
      nullable: true,
      description: 'Where the premium is paid, while it is to be paid; null also while the provider is away.',
      resolve: async ({ id, state }, _args, { loaders, now }) =>
        state === 'PENDING_PAYMENT' ? checkoutOf(await loaders.policyCheckout.load(id), now()) : null,
    }),
    startsAt: t.expose('starts_at', {
      type: 'DateTime',
      description: 'Of an unpaid policy: when it would start if it were paid at once.',
    }),
    endsAt: t.expose('ends_at', { type: 'DateTime' }),
    coolingOffUntil: t.expose('cooling_off_until', { type: 'DateTime' }),
  }),
});

function ownPolicy(context: Context, id: string): Promise<PolicyRow | null> {
  return ownOrNull(
    context,
    { prefix: 'pol', id },
    (policyId) => context.loaders.policy.load(policyId),
    (policy) => policy.owner_id,
  );
}

builder.asEntity(Policy, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => ownPolicy(context, id),
});

export const PolicyConnection = defineConnection(builder, 'Policy', Policy);

const numberPattern = /^BY\d{4}[0-9A-Z]{10}$/;

async function ownPolicyByNumber(context: Context, number: string): Promise<PolicyRow | null> {
  const { caller, loaders } = context;
  if (caller.subject === null || !numberPattern.test(number)) return null;
  const policy = await loaders.policyByNumber.load(number);
  return policy?.owner_id === caller.subject ? policy : null;
}

builder.queryField('policy', (t) =>
  t.field({
    type: Policy,
    nullable: true,
    description: 'One’s own policy, by id or by number; null for everybody else’s.',
    args: { id: t.arg.id({ required: false }), number: t.arg.string({ required: false }) },
    resolve: async (_root, { id, number }, context) => {
      const policy = id == null ? null : await ownPolicy(context, id);
      if (number == null) return policy;
      const byNumber = await ownPolicyByNumber(context, number);
      // Both given: they must mean the same policy.
      return id == null || policy?.id === byNumber?.id ? byNumber : null;
    },
  }),
);

const PolicyPayload = builder.objectRef<Payload<{ policy: PolicyRow }>>('PolicyPayload').implement({
  fields: (t) => ({
    policy: t.expose('policy', { type: Policy, nullable: true }),
    userErrors: t.expose('userErrors', { type: [InsuranceUserError] }),
  }),
});

const BindPolicyInput = builder.inputType('BindPolicyInput', {
  fields: (t) => ({
    quoteId: t.id(),
    acceptedDocumentSha256: t.stringList(),
    idempotencyKey: t.string(),
  }),
});

builder.mutationField('bindPolicy', (t) =>
  t.field({
    type: PolicyPayload,
    directives: { cost: { weight: 50 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: BindPolicyInput }) },
    resolve: (_root, { input }, context) => act(context, bindPolicy, input),
  }),
);

const CancelPolicyInput = builder.inputType('CancelPolicyInput', {
  fields: (t) => ({ policyId: t.id(), reason: t.string(), idempotencyKey: t.string() }),
});

builder.mutationField('cancelPolicy', (t) =>
  t.field({
    type: PolicyPayload,
    directives: { cost: { weight: 50 } },
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: CancelPolicyInput }) },
    resolve: (_root, { input }, context) => act(context, cancelPolicy, input),
  }),
);
