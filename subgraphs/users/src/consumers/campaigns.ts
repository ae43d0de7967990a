import type { EventHandler } from '@banyan/kit/events';
import { campaignKinds } from '@banyan/vocabulary';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { recordFact, saveKnownCampaign } from '../db/facts.ts';
import type { NotificationKind } from '../domain/notification-kinds.ts';
import { tell } from './news.ts';

const donationCounted = z.object({ campaignId: z.string(), userId: z.string().nullable() });
const campaignEvent = z.object({
  campaignId: z.string(),
  organiserId: z.string(),
  kind: z.enum(campaignKinds),
});

/** The organiser hears of it, and the kind is kept, by which a gift says what it was for. */
const becomes =
  (news: NotificationKind): EventHandler<Database> =>
  async (trx, event) => {
    const { campaignId, organiserId, kind } = campaignEvent.parse(event.payload);
    await saveKnownCampaign(trx, { id: campaignId, kind });
    await tell(trx, event, {
      personId: organiserId,
      kind: news,
      params: {},
      link: `/campaigns/${campaignId}`,
      source: event.id,
    });
  };

/** What campaigns tells: who gave to what, and what becomes of a person's own campaigns. */
export const campaignsHandlers: Readonly<Record<string, EventHandler<Database>>> = {
  'donation.counted': async (trx, { payload, occurredAt }) => {
    const { campaignId, userId } = donationCounted.parse(payload);
    if (userId === null) return;
    const happenedAt = new Date(occurredAt);
    await recordFact(trx, { personId: userId, kind: 'GIFT', key: campaignId, word: null, happenedAt });
  },
  'campaign.live': becomes('CAMPAIGN_LIVE'),
  'campaign.paused': becomes('CAMPAIGN_PAUSED'),
  'campaign.ended': becomes('CAMPAIGN_ENDED'),
};
