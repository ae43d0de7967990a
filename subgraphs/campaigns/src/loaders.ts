import type DataLoader from 'dataloader';
import { createListLoader, createLoader, createPageLoader } from '@banyan/kit/graphql';
import type { Kysely } from 'kysely';
import {
  findCampaigns,
  findCampaignsBySlug,
  findCampaignsOfCharities,
  findCampaignsOfOrganisers,
  findStatusChanges,
} from './db/campaigns.ts';
import type { Database } from './db/database.ts';
import { findDonations, findDonationsOfPeople, findPublicDonations } from './db/donations.ts';
import { findReviewCases, findReviewGates } from './db/reviews.ts';

/** One loader for each access path; made for one operation. */
export function createLoaders(db: Kysely<Database>) {
  return {
    campaign: createLoader(
      (ids: readonly string[]) => findCampaigns(db, ids),
      (campaign) => campaign.id,
    ),
    campaignBySlug: createLoader(
      (slugs: readonly string[]) => findCampaignsBySlug(db, slugs),
      (campaign) => campaign.slug,
    ),
    statusChanges: createListLoader(
      (campaignIds: readonly string[]) => findStatusChanges(db, campaignIds),
      (change) => change.campaign_id,
    ),
    campaignsOfOrganiser: createPageLoader((requests) => findCampaignsOfOrganisers(db, requests)),
    campaignsOfCharity: createPageLoader((requests) => findCampaignsOfCharities(db, requests)),
    donation: createLoader(
      (ids: readonly string[]) => findDonations(db, ids),
      (donation) => donation.id,
    ),
    donationsOfPerson: createPageLoader((requests) => findDonationsOfPeople(db, requests)),
    publicDonations: createPageLoader((requests) => findPublicDonations(db, requests)),
    reviewCase: createLoader(
      (ids: readonly string[]) => findReviewCases(db, ids),
      (reviewCase) => reviewCase.id,
    ),
    reviewGates: createListLoader(
      (caseIds: readonly string[]) => findReviewGates(db, caseIds),
      (gate) => gate.case_id,
    ),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

/** After a write: what was loaded before it may no longer be so. */
export function forgetLoaded(loaders: Loaders): void {
  for (const loader of Object.values(loaders) as DataLoader<unknown, unknown>[]) loader.clearAll();
}
