import { inTransaction } from '@banyan/kit/database';
import type { Services } from '../context.ts';
import { findOverdueCampaigns, lockCampaign } from '../db/campaigns.ts';
import { findDonation } from '../db/donations.ts';
import { deleteUnsettled, noteUnsettled, takeUnsettled } from '../db/unsettled.ts';
import { nextStatus } from './lifecycle.ts';
import { moveCampaign } from './move-campaign.ts';
import { settleGift } from './settle-gift.ts';

/** Gifts and campaigns of one round. */
const maxPerRound = 100;
/** Questions to the provider at once. */
const maxAtOnce = 10;

export interface Swept {
  /** Gifts found without an outcome for the first time. */
  readonly found: number;
  /** Gifts that have one now. */
  readonly settled: number;
  /** Campaigns whose last day is over. */
  readonly ended: number;
}

/**
 * One round: finds gifts that have waited too long, asks the provider about them, and ends campaigns whose day is over.
 * Any number of processes may do it at once; rows are taken under locks that others pass by.
 */
export async function sweep(services: Services): Promise<Swept> {
  const { db, settings } = services;
  const { found } = await inTransaction(db, (trx) => noteUnsettled(trx, settings.sweepAfterSeconds));
  const due = await takeUnsettled(db, maxPerRound);
  let settled = 0;
  for (let at = 0; at < due.length; at += maxAtOnce) {
    const outcomes = await Promise.all(
      due.slice(at, at + maxAtOnce).map((gift) => settleOne(services, gift)),
    );
    settled += outcomes.filter(Boolean).length;
  }
  return { found, settled, ended: await endOverdue(services) };
}

async function settleOne(
  services: Services,
  gift: { campaign_id: string; donation_id: string },
): Promise<boolean> {
  try {
    const donation = await findDonation(services.db, gift.campaign_id, gift.donation_id);
    if (donation !== undefined && !(await settleGift(services, donation))) return false;
    await deleteUnsettled(services.db, gift);
    return true;
  } catch (error) {
    services.log.warn(
      { err: error, donationId: gift.donation_id },
      'a gift could not be settled; it is looked at again',
    );
    return false;
  }
}

async function endOverdue({ db, settings }: Services): Promise<number> {
  const ids = await findOverdueCampaigns(db, maxPerRound);
  for (const id of ids) {
    await inTransaction(db, async (trx) => {
      const campaign = await lockCampaign(trx, id);
      const to = campaign && nextStatus(campaign.status, 'END');
      if (campaign === undefined || to == null) return;
      const { maxGiftMinor } = settings;
      await moveCampaign(trx, campaign, { to, reason: 'The last day is over.', actorId: null, maxGiftMinor });
    });
  }
  return ids.length;
}
