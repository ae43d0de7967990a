import { campaignKinds, relations } from '@banyan/vocabulary';
import { builder } from '../builder.ts';
import { donationStates } from '../db/donations.ts';
import { campaignActions, campaignStatuses } from '../domain/lifecycle.ts';
import { gateKinds, gateStates } from '../domain/review.ts';
import { projectKinds } from '../domain/submit-project.ts';

export const CampaignKindEnum = builder.enumType('CampaignKind', { values: campaignKinds });
export const CampaignStatusEnum = builder.enumType('CampaignStatus', { values: campaignStatuses });
export const CampaignActionEnum = builder.enumType('CampaignAction', { values: campaignActions });
export const CampaignSortEnum = builder.enumType('CampaignSort', {
  values: ['NEWEST', 'ENDING_SOON'] as const,
});
export const ProjectKindEnum = builder.enumType('ProjectKind', { values: projectKinds });
export const RelationEnum = builder.enumType('Relation', { values: relations });
export const DonationStateEnum = builder.enumType('DonationState', { values: donationStates });
export const ReviewGateKindEnum = builder.enumType('ReviewGateKind', { values: gateKinds });
export const ReviewGateStateEnum = builder.enumType('ReviewGateState', { values: gateStates });
