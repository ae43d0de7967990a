import type { PublicCopies } from '@banyan/kit/graphql';

/**
 * What the edge may keep copies of: fields that are the same for everybody and change only together with a row that
 * db/migrations/0004-changes.ts announces. Everything else is read anew.
 */
export const publicCopies: PublicCopies = {
  Query: {
    circle: { maxAge: 60, finds: 'Circle' },
    circles: { maxAge: 60, lists: ['Circle'] },
  },
  Circle: {
    name: { maxAge: 60 },
    theme: { maxAge: 60 },
    about: { maxAge: 60 },
    access: { maxAge: 60 },
    trustCurrency: { maxAge: 60 },
    requires: { maxAge: 60 },
    joinQuestions: { maxAge: 60 },
    memberCount: { maxAge: 60 },
    operator: { maxAge: 60 },
    stations: { maxAge: 60 },
    links: { maxAge: 60 },
    backedCampaigns: { maxAge: 60 },
  },
  Campaign: { supportingCircles: { maxAge: 60, lists: ['Circle'] } },
};
