import { shownError } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { Campaign, findVisible } from './campaign.ts';

builder.subscriptionField('campaignTotalsChanged', (t) =>
  t.field({
    type: Campaign,
    description:
      'The campaign with its totals, at once and whenever they have changed. What changes in quick succession is told once; totals never go back.',
    args: { campaignId: t.arg.id() },
    subscribe: (_root, { campaignId }, { totalsWatch }) => totalsWatch.follow(campaignId),
    resolve: async ({ value: totals }, { campaignId }, context) => {
      const campaign = await findVisible({ id: campaignId }, context);
      if (campaign === null) throw shownError('NOT_FOUND', 'There is no such campaign.');
      return { ...campaign, totals };
    },
  }),
);
