import { defineConnection, pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import type { BackingRow } from '../db/backings.ts';
import { backCampaign } from '../domain/back-campaign.ts';
import { Campaign } from './campaign.ts';
import { Circle, CirclePayload } from './circle.ts';
import { mutate } from './mutate.ts';
import { pageArguments } from './page-arguments.ts';

const Backing = builder.objectRef<BackingRow>('Backing').implement({
  description: 'A circle stands behind a campaign.',
  fields: (t) => ({
    campaign: t.field({
      type: Campaign,
      nullable: true,
      resolve: (backing) => ({ id: backing.campaign_id }),
    }),
    since: t.expose('since', { type: 'DateTime' }),
  }),
});
const BackingConnection = defineConnection(builder, 'Backing', Backing);

builder.objectField(Circle, 'backedCampaigns', (t) =>
  t.field({
    type: BackingConnection,
    args: pageArguments,
    resolve: (circle, page, { loaders }) => loaders.backings.load({ parent: circle.id, ...pageArgs(page) }),
  }),
);

const BackCampaignInput = builder.inputType('BackCampaignInput', {
  fields: (t) => ({ circleId: t.id(), campaignId: t.id(), backing: t.boolean() }),
});

builder.mutationField('backCampaign', (t) =>
  t.field({
    type: CirclePayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: BackCampaignInput }) },
    resolve: (_root, { input }, context) => mutate(context, backCampaign, input),
  }),
);
