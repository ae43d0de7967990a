import type { Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

export type KnownCampaignStatus = 'LIVE' | 'PAUSED' | 'ENDED';

/** Campaigns that were live once, as campaigns has told. */
export interface KnownCampaignsTable {
  id: string;
  status: KnownCampaignStatus;
}

/** The campaign's status, locked against the event that ends it; undefined when it never was live. */
export async function readCampaignStatus(
  trx: Transaction<Database>,
  id: string,
): Promise<KnownCampaignStatus | undefined> {
  const row = await trx
    .selectFrom('known_campaigns')
    .select('status')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst();
  return row?.status;
}

export async function saveCampaignStatus(
  trx: Transaction<Database>,
  campaign: Selectable<KnownCampaignsTable>,
): Promise<void> {
  await trx
    .insertInto('known_campaigns')
    .values(campaign)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ status: campaign.status }))
    .execute();
}
