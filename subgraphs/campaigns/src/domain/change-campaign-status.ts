import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId, writtenText } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockCampaign, type CampaignRow } from '../db/campaigns.ts';
import { closeReviewCase, reopenReviewCase } from '../db/reviews.ts';
import { checkLaw } from './check-law.ts';
import { campaignActions, nextStatus } from './lifecycle.ts';
import { moveCampaign } from './move-campaign.ts';
import { dueDate } from './review.ts';
import { noSuchCampaign } from './update-campaign.ts';

const inputShape = z.object({
  campaignId: typeId('cmp'),
  action: z.enum(campaignActions),
  reason: writtenText(500).nullish(),
});

const actionField = ['input', 'action'];

/** What the organiser does with the campaign. */
export async function changeCampaignStatus(
  { db, settings }: Services,
  organiserId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { campaignId, action, reason = null } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const campaign = await lockCampaign(trx, campaignId);
    if (campaign?.organiser_id !== organiserId) throw noSuchCampaign();
    const to = nextStatus(campaign.status, action);
    if (to === null) throw notFromHere();
    const now = new Date();
    if (action === 'RESUME' && campaign.ends_at !== null && campaign.ends_at <= now) throw notFromHere();
    if (action === 'RESUME')
      await checkLaw(trx, campaign, { beneficiary: actionField, charity: actionField });
    if (action === 'RESUBMIT') await reopenReviewCase(trx, campaignId, dueDate(now));
    if (action === 'WITHDRAW') await closeReviewCase(trx, campaignId, now);
    const { maxGiftMinor } = settings;
    return {
      campaign: await moveCampaign(trx, campaign, { to, reason, actorId: organiserId, maxGiftMinor }),
    };
  });
}

function notFromHere() {
  return refuse(
    'FORBIDDEN',
    { en: 'That cannot be done where the campaign stands now.', zh: '项目当前状态下不能执行此操作。' },
    actionField,
  );
}
