import type { PublicCopies } from '@banyan/kit/graphql';

/**
 * What the edge may keep copies of: fields that are the same for everybody and change only together with a row that
 * db/migrations/0007-changes.ts announces. Everything else is read anew.
 */
export const publicCopies: PublicCopies = {
  Query: {
    campaign: { maxAge: 60, finds: 'Campaign' },
    campaigns: { maxAge: 60, lists: ['Campaign'] },
  },
  // Totals and gifts are read anew each time; what hangs on who asks (beneficiary, history) as well.
  Campaign: {
    slug: { maxAge: 60 },
    kind: { maxAge: 60 },
    status: { maxAge: 60 },
    title: { maxAge: 60 },
    story: { maxAge: 60 },
    coverUrl: { maxAge: 60 },
    organiser: { maxAge: 60 },
    relation: { maxAge: 60 },
    charity: { maxAge: 60 },
    hospital: { maxAge: 60 },
    goal: { maxAge: 60 },
    createdAt: { maxAge: 60 },
    endsAt: { maxAge: 60 },
  },
};
