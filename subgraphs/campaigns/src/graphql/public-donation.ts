import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { PublicDonationRow } from '../db/donations.ts';
import { Campaign } from './campaign.ts';
import { refTo, User } from './people.ts';

const PublicDonation = builder.objectRef<PublicDonationRow>('PublicDonation');

PublicDonation.implement({
  description: 'What anybody may see of a gift.',
  fields: (t) => ({
    amount: t.field({ type: 'Money', resolve: ({ amount: minor, currency }) => ({ minor, currency }) }),
    donor: t.field({
      type: User,
      nullable: true,
      description: 'Null where the donor is a guest or wants no name.',
      resolve: (donation) => refTo(donation.donor_id),
    }),
    message: t.exposeString('message', { nullable: true }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
});

const PublicDonationConnection = defineConnection(builder, 'PublicDonation', PublicDonation);

builder.objectField(Campaign, 'donations', (t) =>
  t.field({
    type: PublicDonationConnection,
    description: 'Counted gifts, those counted last first.',
    args: {
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (campaign, args, { loaders }) =>
      loaders.publicDonations.load({ parent: campaign.id, ...pageArgs(args) }),
  }),
);
