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
 * Any number of processes may do it at once; rows are taken under locks that others pass by. What fails, fails alone:
 * it is on the log, and the next round tries it again.
 */
export async function sweep(services: Services): Promise<Swept> {
  return {
    found: await alone(services, {}, () => findUnsettled(services), 0),
    settled: await alone(services, {}, () => settleDue(services), 0),
    ended: await alone(services, {}, () => endOverdue(services), 0),
  };
}

/** Does a part of the round; when it fails, gives `otherwise` and lets the others go on. */
async function alone<Result>(
  { log }: Services,
  subject: Readonly<Record<string, string>>,
  part: () => Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  try {
    return await part();
  } catch (error) {
    log.warn({ err: error, ...subject }, 'a part of the sweep failed; the next round tries it again');
    return otherwise;
  }
}

async function findUnsettled({ db, settings }: Services): Promise<number> {
  const { found } = await inTransaction(db, (trx) => noteUnsettled(trx, settings.sweepAfterSeconds));
  return found;
}

async function settleDue(services: Services): Promise<number> {
  const due = await takeUnsettled(services.db, maxPerRound);
  let settled = 0;
  for (let at = 0; at < due.length; at += maxAtOnce) {
    const outcomes = await Promise.all(
      due
        .slice(at, at + maxAtOnce)
        .map((gift) => alone(services, { ...gift }, () => settleOne(services, gift), false)),
    );
    settled += outcomes.filter(Boolean).length;
  }
  return settled;
}

async function settleOne(
  services: Services,
  gift: { campaign_id: string; donation_id: string },
): Promise<boolean> {
  const donation = await findDonation(services.db, gift.campaign_id, gift.donation_id);
  if (donation !== undefined && !(await settleGift(services, donation))) return false;
  await deleteUnsettled(services.db, gift);
  return true;
}

async function endOverdue(services: Services): Promise<number> {
  let ended = 0;
  for (const id of await findOverdueCampaigns(services.db, maxPerRound)) {
    if (await alone(services, { campaignId: id }, () => endOne(services, id), false)) ended += 1;
  }
  return ended;
}

/** False when somebody else has ended it meanwhile. */
async function endOne({ db, settings: { maxGiftMinor } }: Services, id: string): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const campaign = await lockCampaign(trx, id);
    const to = campaign && nextStatus(campaign.status, 'END');
    if (campaign === undefined || to == null) return false;
    await moveCampaign(trx, campaign, { to, reason: 'The last day is over.', actorId: null, maxGiftMinor });
    return true;
  });
}
