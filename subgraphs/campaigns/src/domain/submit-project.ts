import { idempotencyKey, parseInput } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { campaignDetails } from './campaign-details.ts';
import { submitCampaign } from './submit-campaign.ts';

export const projectKinds = ['DREAM', 'PRODUCE'] as const;

const inputShape = z.object({ kind: z.enum(projectKinds), details: campaignDetails, idempotencyKey });

/** A dream or a product, for which anybody may collect. */
export async function submitProject(
  services: Services,
  submitterId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { kind, details, idempotencyKey: key } = parseInput(inputShape, input);
  return submitCampaign(services, {
    kind,
    submitterId,
    beneficiaryId: null,
    relation: null,
    charityId: null,
    details,
    key,
  });
}
