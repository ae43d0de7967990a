import { idempotencyKey, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { relations, type Relation } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { findKinship } from '../db/relatives.ts';
import { campaignDetails } from './campaign-details.ts';
import { fits, isVerified } from './kinship.ts';
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
    async checkLaw(trx) {
      if (relation === 'SELF') return;
      const rows = await findKinship(trx, submitterId, beneficiaryId);
      const known = rows.map((row) => ({
        personId: row.person_id,
        relativeId: row.relative_id,
        relation: row.relation,
      }));
      const claim = { personId: submitterId, relativeId: beneficiaryId, relation };
      if (!isVerified(claim, known)) throw relationNotVerified();
    },
  });
}

function relationNotAllowed(relation: Relation) {
  const wording =
    relation === 'SELF'
      ? { en: 'SELF is for yourself alone.', zh: '“本人”只适用于为自己求助。' }
      : { en: 'For yourself the relation is SELF.', zh: '为自己求助请选择“本人”。' };
  return refuse('RELATION_NOT_ALLOWED', wording, ['input', 'relation']);
}

function relationNotVerified() {
  return refuse(
    'RELATION_NOT_VERIFIED',
    {
      en: 'Both of you must have confirmed first how you are related.',
      zh: '请先由双方确认亲属关系。',
    },
    ['input', 'beneficiaryId'],
  );
}
