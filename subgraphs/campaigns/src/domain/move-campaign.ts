import { appendEvents } from '@banyan/kit/events';
import { openBook, setBookStatus } from '@banyan/ledger';
import type { Insertable, Transaction } from 'kysely';
import {
  insertStatusChange,
  updateCampaignRow,
  type CampaignRow,
  type CampaignsTable,
} from '../db/campaigns.ts';
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
  const type = eventOf[to];
  if (type !== undefined) {
    await appendEvents(trx, [{ type, subject: campaign.id, payload: toldOf(campaign) }]);
  }
  if (goesLive)
    await openBook(trx, { book: campaign.id, currency: campaign.currency, maxAmount: maxGiftMinor });
  else if (campaign.went_live_at !== null)
    await setBookStatus(trx, campaign.id, to === 'LIVE' ? 'OPEN' : 'CLOSED');
  return moved;
}

/** What the other subgraphs hear of a campaign; with whom it is for, so that nobody offers the ill anything. */
export function toldOf(
  campaign: Pick<Insertable<CampaignsTable>, 'id' | 'organiser_id' | 'beneficiary_id' | 'kind'>,
): Readonly<Record<string, string | null>> {
  const { id: campaignId, organiser_id: organiserId, beneficiary_id: beneficiaryId = null, kind } = campaign;
  return { campaignId, organiserId, beneficiaryId, kind };
}
