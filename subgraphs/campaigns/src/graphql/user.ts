import { pageArgs } from '@banyan/kit/graphql';
import { builder } from '../builder.ts';
import { CampaignConnection } from './campaign-connection.ts';
import { User } from './people.ts';

User.implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    campaigns: t.field({
      type: CampaignConnection,
      nullable: true,
      description: 'Public campaigns that this person runs.',
      args: {
        first: t.arg.int({ required: false, defaultValue: 20 }),
        after: t.arg.string({ required: false }),
      },
      resolve: (user, args, { loaders }) =>
        loaders.campaignsOfOrganiser.load({ parent: user.id, ...pageArgs(args) }),
    }),
  }),
});

builder.asEntity(User, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }) => ({ id }),
});
