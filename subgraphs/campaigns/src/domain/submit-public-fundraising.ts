import { idempotencyKey, parseInput, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { campaignDetails } from './campaign-details.ts';
import { submitCampaign } from './submit-campaign.ts';

const inputShape = z.object({ charityId: typeId('org'), details: campaignDetails, idempotencyKey });

/** Fundraising from the public, which takes a charity whose licence is valid today and one of its members. */
export async function submitPublicFundraising(
  services: Services,
  submitterId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { charityId, details, idempotencyKey: key } = parseInput(inputShape, input);
  return submitCampaign(services, {
    kind: 'PUBLIC_FUNDRAISING',
    submitterId,
    beneficiaryId: null,
    relation: null,
    charityId,
    details,
    key,
  });
}
