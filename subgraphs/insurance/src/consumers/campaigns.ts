import type { EventHandler } from '@banyan/kit/events';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { saveCampaignParty, saveSupporter } from '../db/offer-facts.ts';

/** A guest is nobody whom anything could be offered to. */
const giftShape = z.object({ campaignId: z.string(), userId: z.string().nullable() });

const campaignShape = z.object({
  campaignId: z.string(),
  organiserId: z.string().nullish(),
  beneficiaryId: z.string().nullish(),
  kind: z.string(),
});

/** What campaigns tells that offers depend on. */
export const campaignsHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'donation.counted': async (trx, event) => {
    const { campaignId, userId } = giftShape.parse(event.payload);
    if (userId === null) return;
    const supportedAt = new Date(event.occurredAt);
    await saveSupporter(trx, { user_id: userId, campaign_id: campaignId, supported_at: supportedAt });
  },
  // Whoever is ill, and whoever collects for the ill, is never offered anything.
  'campaign.live': async (trx, event) => {
    const { campaignId, organiserId, beneficiaryId, kind } = campaignShape.parse(event.payload);
    if (kind !== 'PERSONAL_HELP') return;
    for (const userId of new Set([organiserId, beneficiaryId])) {
      if (userId != null) await saveCampaignParty(trx, { user_id: userId, campaign_id: campaignId });
    }
  },
};
