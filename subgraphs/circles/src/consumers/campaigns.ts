import type { EventHandler } from '@banyan/kit/events';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { saveCampaignStatus, type KnownCampaignStatus } from '../db/known-campaigns.ts';

const campaignEvent = z.object({ campaignId: z.string() });

const becomes =
  (status: KnownCampaignStatus): EventHandler<Database> =>
  async (trx, { payload }) => {
    const { campaignId } = campaignEvent.parse(payload);
    await saveCampaignStatus(trx, { id: campaignId, status });
  };

/** What campaigns tells: which of them may be backed. */
export const campaignsHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'campaign.live': becomes('LIVE'),
  'campaign.paused': becomes('PAUSED'),
  'campaign.ended': becomes('ENDED'),
};
