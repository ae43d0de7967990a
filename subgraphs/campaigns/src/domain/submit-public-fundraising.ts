import { idempotencyKey, parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import type { CampaignRow } from '../db/campaigns.ts';
import { findOrganisation, isMember } from '../db/organisations.ts';
import { campaignDetails } from './campaign-details.ts';
import { dayInChina, mayRaiseFromPublic } from './licence.ts';
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
    async checkLaw(trx) {
      if (!(await isMember(trx, charityId, submitterId))) throw notAMember();
      const charity = await findOrganisation(trx, charityId);
      if (charity === undefined || !mayRaiseFromPublic(charity, dayInChina(new Date()))) throw notLicensed();
    },
  });
}

function notAMember() {
  return refuse('FORBIDDEN', { en: 'You do not act for this organisation.', zh: '您不是该机构的成员。' }, [
    'input',
    'charityId',
  ]);
}

function notLicensed() {
  return refuse(
    'CHARITY_NOT_LICENSED',
    {
      en: 'This organisation has no licence to raise from the public that is valid today.',
      zh: '该机构今日没有有效的公开募捐资格。',
    },
    ['input', 'charityId'],
  );
}
