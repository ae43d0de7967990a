import { pageArgs } from '@banyan/kit/graphql';
import { GraphQLError } from 'graphql';
import { builder } from '../builder.ts';
import { searchCampaigns } from '../db/campaigns.ts';
import { CampaignConnection } from './campaign-connection.ts';
import { CampaignKindEnum, CampaignSortEnum, CampaignStatusEnum } from './enums.ts';

const maxSearchCharacters = 100;

/** The search as PostgreSQL can hold it. */
function searchText(search: string | null | undefined): string | null {
  if (search == null) return null;
  if (search.length > maxSearchCharacters || search.includes('\0')) {
    throw new GraphQLError(`"search" takes up to ${maxSearchCharacters} characters of text.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return search;
}

builder.queryField('campaigns', (t) =>
  t.field({
    type: CampaignConnection,
    description:
      'Campaigns that anybody may see. Every word of search must occur in title or story, in any script.',
    args: {
      status: t.arg({ type: CampaignStatusEnum, required: false, defaultValue: 'LIVE' }),
      kind: t.arg({ type: CampaignKindEnum, required: false }),
      search: t.arg.string({ required: false, directives: { cost: { weight: 10 } } }),
      sort: t.arg({ type: CampaignSortEnum, required: false, defaultValue: 'NEWEST' }),
      first: t.arg.int({ required: false, defaultValue: 20 }),
      after: t.arg.string({ required: false }),
    },
    resolve: (_root, { status, kind, search, sort, ...page }, { db }) =>
      searchCampaigns(db, {
        status: status ?? null,
        kind: kind ?? null,
        search: searchText(search),
        sort: sort ?? 'NEWEST',
        ...pageArgs(page),
      }),
  }),
);
