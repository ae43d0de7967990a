import { insertMany } from '@banyan/kit/database';
import { appendEvents } from '@banyan/kit/events';
import { campaigns as cast, createRandom, type SeedDay } from '@banyan/seed';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { toldOf } from '../domain/move-campaign.ts';
import { inventCampaign, type SeedCampaign } from './campaigns.ts';
import { seedGifts } from './gifts.ts';
import { seedReviews } from './reviews.ts';

export interface SeedSettings {
  readonly maxGiftMinor: bigint;
  readonly day: SeedDay;
}

/** The campaigns of the cast, their reviews and their gifts. All or nothing. */
export async function seedAll(db: Kysely<Database>, { day, maxGiftMinor }: SeedSettings): Promise<void> {
  const campaigns = cast.map((each) =>
    inventCampaign(each, createRandom(`campaigns:campaign:${each.number}`), day),
  );
  await db.transaction().execute(async (trx) => {
    await insertMany(
      trx,
      'campaigns',
      campaigns.map(({ row }) => row),
    );
    await insertMany(
      trx,
      'status_changes',
      campaigns.flatMap(({ cast: { id }, row, history }) =>
        history.map(({ status, daysAgo, reason }, index) => ({
          campaign_id: id,
          ordinal: index + 1,
          status,
          reason,
          actor_id: row.organiser_id,
          created_at: day.at(-daysAgo, 10),
        })),
      ),
    );
    await seedReviews(trx, campaigns, day);
    await openBooks(trx, campaigns, maxGiftMinor);
    await seedGifts(trx, campaigns, day);
    await closeBooks(trx, campaigns);
  });
}

function hasBeenLive({ liveDaysAgo }: SeedCampaign): boolean {
  return liveDaysAgo !== null;
}

function eventsOf(type: string, campaigns: readonly SeedCampaign[]) {
  return campaigns.map(({ row }) => ({
    type,
    subject: row.id,
    payload: toldOf(row),
  }));
}

async function openBooks(
  trx: Transaction<Database>,
  campaigns: readonly SeedCampaign[],
  maxAmount: bigint,
): Promise<void> {
  const opened = campaigns.filter(hasBeenLive);
  await sql`
    select ledger.open_book(b.book, b.currency, ${maxAmount})
    from unnest(${opened.map(({ row }) => row.id)}::text[], ${opened.map(({ row }) => row.currency)}::text[])
      as b (book, currency)`.execute(trx);
  await appendEvents(trx, eventsOf('campaign.live', opened));
}

async function closeBooks(trx: Transaction<Database>, campaigns: readonly SeedCampaign[]): Promise<void> {
  for (const status of ['PAUSED', 'ENDED'] as const) {
    const closed = campaigns.filter(({ row }) => row.status === status);
    await sql`
      select ledger.set_status(b.book, 'CLOSED')
      from unnest(${closed.map(({ row }) => row.id)}::text[]) as b (book)`.execute(trx);
    await appendEvents(trx, eventsOf(`campaign.${status.toLowerCase()}`, closed));
  }
}
