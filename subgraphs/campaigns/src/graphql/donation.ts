import { defineConnection, signedIn } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { DonationRow } from '../db/donations.ts';
import { findOwnDonation, findOwnDonationByKey } from '../domain/find-own-donation.ts';
import { tracePayment } from '../domain/trace-payment.ts';
import { Campaign } from './campaign.ts';
import { DonationStateEnum } from './enums.ts';

/** Handed out to its donor alone, to the guest with the secret, and to staff by a root of their own. */
export const Donation = builder.objectRef<DonationRow>('Donation');

const Checkout = builder.objectRef<{ provider: string; url: string; expiresAt: Date }>('Checkout').implement({
  shareable: true,
  description: 'Where the payer completes a payment; null where it is already captured.',
  fields: (t) => ({
    provider: t.exposeString('provider'),
    url: t.exposeString('url'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});

const Payment = builder
  .objectRef<{ provider: string; providerRef: string; capturedAt: Date | null }>('Payment')
  .implement({
    fields: (t) => ({
      provider: t.exposeString('provider'),
      providerRef: t.exposeString('providerRef'),
      capturedAt: t.expose('capturedAt', { type: 'DateTime', nullable: true }),
    }),
  });

Donation.implement({
  description: 'The whole gift: to its donor, and to staff.',
  fields: (t) => ({
    id: t.exposeID('id'),
    campaign: t.field({
      type: Campaign,
      resolve: (donation) => ({ id: donation.campaign_id, totals: null }),
    }),
    amount: t.field({ type: 'Money', resolve: ({ amount: minor, currency }) => ({ minor, currency }) }),
    state: t.expose('state', { type: DonationStateEnum }),
    anonymous: t.exposeBoolean('is_anonymous'),
    message: t.exposeString('message', { nullable: true }),
    checkout: t.field({
      type: Checkout,
      nullable: true,
      resolve: ({ state, provider, checkout_url: url, checkout_expires_at: expiresAt }) =>
        state !== 'AWAITING_CONFIRMATION' || url === null || expiresAt === null
          ? null
          : { provider, url, expiresAt },
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      resolve: ({ provider, provider_ref: providerRef, captured_at: capturedAt }) =>
        providerRef === null ? null : { provider, providerRef, capturedAt },
    }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
    countedAt: t.expose('counted_at', { type: 'DateTime', nullable: true }),
  }),
});

builder.asEntity(Donation, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => findOwnDonation(context, id, null),
});

export const DonationConnection = defineConnection(builder, 'Donation', Donation);

builder.queryField('donation', (t) =>
  t.field({
    type: Donation,
    nullable: true,
    description: 'The donor’s own; a guest passes the guest’s secret.',
    args: { id: t.arg.id(), guestToken: t.arg.string({ required: false }) },
    resolve: (_root, { id, guestToken }, context) => findOwnDonation(context, id, guestToken ?? null),
  }),
);

builder.queryField('donationByKey', (t) =>
  t.field({
    type: Donation,
    nullable: true,
    description: 'What became of a gift whose answer was lost.',
    args: {
      campaignId: t.arg.id(),
      idempotencyKey: t.arg.string(),
      guestToken: t.arg.string({ required: false }),
    },
    resolve: (_root, { campaignId, idempotencyKey: key, guestToken }, context) =>
      findOwnDonationByKey(context, { campaignId, key, guestToken: guestToken ?? null }),
  }),
);

builder.queryField('tracePayment', (t) =>
  t.field({
    type: Donation,
    directives: { cost: { weight: 20 } },
    nullable: true,
    description: 'Where is my money: by any reference of the payment. Leaves a row of audit.',
    authScopes: (_root, _args, { caller }) =>
      caller.roles.has('CUSTOMER_SERVICE') || caller.roles.has('ACCOUNTANT'),
    args: { reference: t.arg.string(), reason: t.arg.string() },
    resolve: (_root, args, context) => tracePayment(context, signedIn(context), args),
  }),
);
