import { signedIn, type Payload } from '@banyan/kit/graphql';
import { builder, CampaignsUserError } from '../builder.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { changeCampaignStatus } from '../domain/change-campaign-status.ts';
import { submitPersonalHelp } from '../domain/submit-personal-help.ts';
import { submitProject } from '../domain/submit-project.ts';
import { submitPublicFundraising } from '../domain/submit-public-fundraising.ts';
import { updateCampaign } from '../domain/update-campaign.ts';
import { Campaign } from './campaign.ts';
import { CampaignActionEnum, ProjectKindEnum, RelationEnum } from './enums.ts';
import { mutate } from './mutate.ts';

export const CampaignPayload = builder
  .objectRef<Payload<{ campaign: CampaignRow }>>('CampaignPayload')
  .implement({
    fields: (t) => ({
      campaign: t.expose('campaign', { type: Campaign, nullable: true }),
      userErrors: t.expose('userErrors', { type: [CampaignsUserError] }),
    }),
  });

const CampaignDetailsInput = builder.inputType('CampaignDetailsInput', {
  fields: (t) => ({
    title: t.string(),
    story: t.string(),
    goal: t.field({ type: 'MoneyInput' }),
    disease: t.string({ required: false }),
    regionCode: t.string({ required: false }),
    hospitalId: t.id({ required: false }),
    endsAt: t.field({ type: 'DateTime', required: false }),
  }),
});

const SubmitPersonalHelpInput = builder.inputType('SubmitPersonalHelpInput', {
  fields: (t) => ({
    beneficiaryId: t.id(),
    relation: t.field({ type: RelationEnum, description: 'What the beneficiary is to you.' }),
    details: t.field({ type: CampaignDetailsInput }),
    idempotencyKey: t.string(),
  }),
});
const SubmitPublicFundraisingInput = builder.inputType('SubmitPublicFundraisingInput', {
  fields: (t) => ({
    charityId: t.id(),
    details: t.field({ type: CampaignDetailsInput }),
    idempotencyKey: t.string(),
  }),
});
const SubmitProjectInput = builder.inputType('SubmitProjectInput', {
  fields: (t) => ({
    kind: t.field({ type: ProjectKindEnum }),
    details: t.field({ type: CampaignDetailsInput }),
    idempotencyKey: t.string(),
  }),
});
const UpdateCampaignInput = builder.inputType('UpdateCampaignInput', {
  fields: (t) => ({
    campaignId: t.id(),
    title: t.string({ required: false }),
    story: t.string({ required: false }),
  }),
});
const ChangeCampaignStatusInput = builder.inputType('ChangeCampaignStatusInput', {
  fields: (t) => ({
    campaignId: t.id(),
    action: t.field({ type: CampaignActionEnum }),
    reason: t.string({ required: false }),
  }),
});

builder.mutationFields((t) => ({
  submitPersonalHelp: t.field({
    type: CampaignPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SubmitPersonalHelpInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => submitPersonalHelp(context, signedIn(context), input)),
  }),
  submitPublicFundraising: t.field({
    type: CampaignPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SubmitPublicFundraisingInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => submitPublicFundraising(context, signedIn(context), input)),
  }),
  submitProject: t.field({
    type: CampaignPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: SubmitProjectInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => submitProject(context, signedIn(context), input)),
  }),
  updateCampaign: t.field({
    type: CampaignPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: UpdateCampaignInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => updateCampaign(context, signedIn(context), input)),
  }),
  changeCampaignStatus: t.field({
    type: CampaignPayload,
    authScopes: { signedIn: true },
    args: { input: t.arg({ type: ChangeCampaignStatusInput }) },
    resolve: (_root, { input }, context) =>
      mutate(context, () => changeCampaignStatus(context, signedIn(context), input)),
  }),
}));
