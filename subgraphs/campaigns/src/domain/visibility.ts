import type { Caller } from '@banyan/kit/hop';
import type { CampaignRow } from '../db/campaigns.ts';

/** Staff who work on campaigns that are not public yet. */
export function isReviewer(caller: Caller): boolean {
  return caller.roles.has('REVIEWER') || caller.roles.has('CUSTOMER_SERVICE');
}

/** A campaign that has been live is public; before that it is its organiser's, its beneficiary's and the reviewers'. */
export function maySee(campaign: CampaignRow, caller: Caller): boolean {
  return campaign.went_live_at !== null || isParty(campaign, caller) || isReviewer(caller);
}

export function isParty(campaign: CampaignRow, { subject }: Caller): boolean {
  return subject !== null && (subject === campaign.organiser_id || subject === campaign.beneficiary_id);
}

/** The beneficiary is named where that person agreed, to the parties themselves, and to reviewers. */
export function visibleBeneficiary(campaign: CampaignRow, caller: Caller): string | null {
  const shown = campaign.beneficiary_named || isParty(campaign, caller) || isReviewer(caller);
  return shown ? campaign.beneficiary_id : null;
}

/**
 * Whether insurance may make offers to this caller beside the campaign: only while it is live, never to the one it is for, who
 * is ill, and not beside personal help at all where the isolation of help from insurance is on.
 */
export function mayBeOffered(campaign: CampaignRow, caller: Caller, helpIsolation: boolean): boolean {
  if (campaign.status !== 'LIVE') return false;
  if (campaign.kind === 'PERSONAL_HELP' && helpIsolation) return false;
  return caller.subject === null || caller.subject !== campaign.beneficiary_id;
}
