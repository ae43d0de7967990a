import type { PublicCopies } from '@banyan/kit/graphql';

/**
 * What the edge may keep copies of: fields that are the same for everybody and change only together with a row that
 * db/migrations/0010-changes.ts announces. Everything else is read anew.
 */
export const publicCopies: PublicCopies = {
  Query: {
    user: { maxAge: 300, finds: 'User' },
    organisation: { maxAge: 300, finds: 'Organisation' },
  },
  User: {
    displayName: { maxAge: 300 },
    socialTitle: { maxAge: 300 },
    avatarUrl: { maxAge: 300 },
    joinedAt: { maxAge: 300 },
    realNameLevel: { maxAge: 300 },
    trustBand: { maxAge: 300 },
  },
  Organisation: {
    name: { maxAge: 300 },
    kinds: { maxAge: 300 },
    publicFundraisingLicence: { maxAge: 300 },
    verifiedAt: { maxAge: 300 },
  },
};
