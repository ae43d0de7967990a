import type { PublicCopies } from '@banyan/kit/graphql';

/**
 * What the edge may keep copies of: fields that are the same for everybody and change only together with a row that
 * db/migrations/0006-changes.ts announces. Everything else is read anew.
 */
export const publicCopies: PublicCopies = {
  Query: {
    // Not `finds`: asked without a version it is the newest, and that becomes another by a row of its own.
    insuranceProduct: { maxAge: 300, lists: ['InsuranceProduct'] },
    insuranceProducts: { maxAge: 300, lists: ['InsuranceProduct'] },
    mutualAidPlan: { maxAge: 300, finds: 'MutualAidPlan' },
    mutualAidPlans: { maxAge: 300, lists: ['MutualAidPlan'] },
  },
  InsuranceProduct: {
    code: { maxAge: 300 },
    version: { maxAge: 300 },
    name: { maxAge: 300 },
    insurer: { maxAge: 300 },
    ageMin: { maxAge: 300 },
    ageMax: { maxAge: 300 },
    regions: { maxAge: 300 },
    documents: { maxAge: 300 },
    exclusions: { maxAge: 300 },
    questions: { maxAge: 300 },
    coolingOffDays: { maxAge: 300 },
  },
  MutualAidPlan: {
    name: { maxAge: 300 },
    funding: { maxAge: 300 },
    state: { maxAge: 300 },
    waitingDays: { maxAge: 300 },
    shareCap: { maxAge: 300 },
    conditions: { maxAge: 300 },
  },
};
