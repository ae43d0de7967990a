import { idempotencyKey, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { relations, type Relation } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { campaignDetails } from './campaign-details.ts';
import { fits } from './kinship.ts';
import { submitCampaign } from './submit-campaign.ts';

const inputShape = z.object({
  beneficiaryId: typeId('usr'),
  relation: z.enum(relations),
  details: campaignDetails,
  idempotencyKey,
});

/** Help for oneself, or for a relative whose kinship both have confirmed: nobody raises money for a stranger's illness. */
export async function submitPersonalHelp(
  services: Services,
  submitterId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { beneficiaryId, relation, details, idempotencyKey: key } = parseInput(inputShape, input);
  if (!fits(relation, beneficiaryId === submitterId)) throw relationNotAllowed(relation);
  return submitCampaign(services, {
    kind: 'PERSONAL_HELP',
    submitterId,
    beneficiaryId,
    relation,
    charityId: null,
    details,
    key,
  });
}

function relationNotAllowed(relation: Relation) {
  const wording =
    relation === 'SELF'
      ? { en: 'SELF is for yourself alone.', zh: '“本人”只适用于为自己求助。' }
      : { en: 'For yourself the relation is SELF.', zh: '为自己求助请选择“本人”。' };
  return refuse('RELATION_NOT_ALLOWED', wording, ['input', 'relation']);
}
