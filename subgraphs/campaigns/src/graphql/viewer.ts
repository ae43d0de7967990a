import { ownOnly, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { findOwnCampaigns } from '../db/campaigns.ts';
import { CampaignConnection } from './campaign-connection.ts';
import { DonationConnection } from './donation.ts';
import { CampaignStatusEnum } from './enums.ts';

const Viewer = builder.objectRef<{ id: string }>('Viewer');

Viewer.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    donations: t.field({
      type: DonationConnection,
      nullable: true,
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (viewer, args, { loaders }) =>
        loaders.donationsOfPerson.load({ parent: viewer.id, ...pageArgs(args) }),
    }),
    myCampaigns: t.field({
      type: CampaignConnection,
      nullable: true,
      args: {
        status: t.arg({ type: CampaignStatusEnum, required: false }),
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (viewer, { status, ...page }, { db }) =>
        findOwnCampaigns(db, viewer.id, { status: status ?? null, ...pageArgs(page) }),
    }),
  }),
});

builder.asEntity(Viewer, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => ownOnly(context, id, { id }),
});
