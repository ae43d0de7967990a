import type { Payload } from '@banyan/kit/graphql';
import { builder, CampaignsUserError } from '../builder.ts';
import { donate, type Given } from '../domain/donate.ts';
import { Campaign } from './campaign.ts';
import { Donation } from './donation.ts';
import { mutate } from './mutate.ts';

const DonateInput = builder.inputType('DonateInput', {
  fields: (t) => ({
    campaignId: t.id(),
    amount: t.field({ type: 'MoneyInput' }),
    anonymous: t.boolean({ required: false, defaultValue: false }),
    message: t.string({ required: false }),
    provider: t.string({ required: false }),
    guestToken: t.string({
      required: false,
      description: 'Of a guest who gave before; a new one comes back in the payload.',
    }),
    idempotencyKey: t.string({
      description:
        'Scoped to campaign and payer, for ever. Of a guest without a secret: at least 16 random characters.',
    }),
  }),
});

const DonatePayload = builder.objectRef<Payload<Given>>('DonatePayload').implement({
  description: 'campaign carries the totals that include the gift.',
  fields: (t) => ({
    donation: t.expose('donation', { type: Donation, nullable: true }),
    campaign: t.expose('campaign', { type: Campaign, nullable: true }),
    guestToken: t.exposeString('guestToken', { nullable: true }),
    userErrors: t.expose('userErrors', { type: [CampaignsUserError] }),
  }),
});

builder.mutationField('donate', (t) =>
  t.field({
    type: DonatePayload,
    args: { input: t.arg({ type: DonateInput }) },
    resolve: (_root, { input }, context) => mutate(context, () => donate(context, context.caller, input)),
  }),
);
