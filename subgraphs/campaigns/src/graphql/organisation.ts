import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { CampaignConnection } from './campaign-connection.ts';
import { Organisation } from './people.ts';

Organisation.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    campaigns: t.field({
      type: CampaignConnection,
      nullable: true,
      description: 'Public campaigns by which this charity raises.',
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (organisation, args, { loaders }) =>
        loaders.campaignsOfCharity.load({ parent: organisation.id, ...pageArgs(args) }),
    }),
  }),
});

builder.asEntity(Organisation, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }) => ({ id }),
});
