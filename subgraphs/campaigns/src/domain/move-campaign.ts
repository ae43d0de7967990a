import { appendEvents } from '@banyan/kit/events';
import { openBook, setBookStatus } from '@banyan/ledger';
import type { Transaction } from 'kysely';
import { insertStatusChange, updateCampaignRow, type CampaignRow } from '../db/campaigns.ts';
import type { Database } from '../db/database.ts';
import type { CampaignStatus } from './lifecycle.ts';

const eventOf: Partial<Record<CampaignStatus, string>> = {
  LIVE: 'campaign.live',
  PAUSED: 'campaign.paused',
  ENDED: 'campaign.ended',
};

export interface Move {
  readonly to: CampaignStatus;
  readonly reason: string | null;
  /** Null is the calendar. */
  readonly actorId: string | null;
  readonly maxGiftMinor: bigint;
}

/**
 * Gives a campaign whose lock the caller holds another status, with its history and event. Whether gifts are taken is told
 * to the ledger in the same transaction and last, so that the book's lock is held briefly: a gift that is committed
 * after this is not counted, however long it has waited.
 */
export async function moveCampaign(
  trx: Transaction<Database>,
  campaign: CampaignRow,
  { to, reason, actorId, maxGiftMinor }: Move,
): Promise<CampaignRow> {
  const goesLive = to === 'LIVE' && campaign.went_live_at === null;
  const moved = await updateCampaignRow(trx, campaign.id, {
    status: to,
    status_reason: reason,
    ...(goesLive && { went_live_at: new Date() }),
  });
  await insertStatusChange(trx, { campaign_id: campaign.id, status: to, reason, actor_id: actorId });
  const { id: campaignId, organiser_id: organiserId, kind } = campaign;
  const type = eventOf[to];
  if (type !== undefined) {
    await appendEvents(trx, [{ type, subject: campaignId, payload: { campaignId, organiserId, kind } }]);
  }
  if (goesLive)
    await openBook(trx, { book: campaignId, currency: campaign.currency, maxAmount: maxGiftMinor });
  else if (campaign.went_live_at !== null)
    await setBookStatus(trx, campaignId, to === 'LIVE' ? 'OPEN' : 'CLOSED');
  return moved;
}
