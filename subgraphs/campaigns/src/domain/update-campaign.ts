import { inTransaction } from '@banyan/kit/database';
import { parseInput, refuse, typeId } from '@banyan/kit/graphql';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { lockCampaign, updateCampaignRow, type CampaignRow } from '../db/campaigns.ts';
import { story, title } from './campaign-details.ts';
import { editableFields } from './lifecycle.ts';

const inputShape = z.object({ campaignId: typeId('cmp'), title: title.nullish(), story: story.nullish() });

/** Changes what is given and leaves the rest. */
export async function updateCampaign(
  { db }: Services,
  organiserId: string,
  input: unknown,
): Promise<{ campaign: CampaignRow }> {
  const { campaignId, ...given } = parseInput(inputShape, input);
  return inTransaction(db, async (trx) => {
    const campaign = await lockCampaign(trx, campaignId);
    if (campaign?.organiser_id !== organiserId) throw noSuchCampaign();
    const editable = editableFields(campaign.status);
    const change: { title?: string; story?: string } = {};
    for (const field of ['title', 'story'] as const) {
      const value = given[field];
      if (value == null || value === campaign[field]) continue;
      if (!editable.includes(field)) throw notNow(field);
      change[field] = value;
    }
    if (Object.keys(change).length === 0) return { campaign };
    return { campaign: await updateCampaignRow(trx, campaignId, change) };
  });
}

/** Said of what is not there and of what is not the caller's. */
export function noSuchCampaign() {
  return refuse('NOT_FOUND', { en: 'You have no such campaign.', zh: '没有这个项目。' }, [
    'input',
    'campaignId',
  ]);
}

function notNow(field: string) {
  return refuse(
    'FORBIDDEN',
    {
      en: 'This cannot be changed any more where the campaign stands now.',
      zh: '项目当前状态下不能修改此项。',
    },
    ['input', field],
  );
}
