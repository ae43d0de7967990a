import type { BookedGift, BookedIntent, BooksOfRun } from './books.ts';
import type { Snapshot, Text } from './snapshot.ts';

const giftsOfRun = `
  select t.key, t.book, t.id, t.amount, t.version, count(p.amount)::int as legs, coalesce(sum(p.amount), 0) as balance,
         coalesce(sum(p.amount) filter (where p.account = 'held'), 0) as credited
  from ledger.transfers t
  left join ledger.postings p on p.book = t.book and p.transfer = t.id
  where t.kind = 'RECEIPT' and starts_with(t.key, $1)
  group by t.book, t.id`;

const intentsOfRun = 'select key, campaign_id, id from intents where starts_with(key, $1)';

/** The one copy of each campaign's id, of which millions of rows would else bring one each. */
function shareIds(campaignIds: readonly string[]): (id: string) => string {
  const known = new Map(campaignIds.map((id) => [id, id]));
  return (id) => known.get(id) ?? id;
}

/** Gifts of the run, each with what its postings say. */
export async function readGifts(
  snapshot: Snapshot,
  { keyPrefix, campaignIds }: BooksOfRun,
): Promise<BookedGift[]> {
  const gifts: BookedGift[] = [];
  const share = shareIds(campaignIds);
  type Row = Text<'key' | 'book' | 'id' | 'amount' | 'version' | 'balance' | 'credited'> & { legs: number };
  for await (const rows of snapshot.pages<Row>(giftsOfRun, [keyPrefix])) {
    for (const row of rows) {
      gifts.push({
        key: row.key,
        campaignId: share(row.book),
        donationId: row.id,
        amount: BigInt(row.amount),
        version: BigInt(row.version),
        legs: row.legs,
        balance: BigInt(row.balance),
        credited: BigInt(row.credited),
      });
    }
  }
  return gifts;
}

/** All that was begun in the run. */
export async function readIntents(
  snapshot: Snapshot,
  { keyPrefix, campaignIds }: BooksOfRun,
): Promise<BookedIntent[]> {
  const intents: BookedIntent[] = [];
  const share = shareIds(campaignIds);
  type Row = Text<'key' | 'campaign_id' | 'id'>;
  for await (const rows of snapshot.pages<Row>(intentsOfRun, [keyPrefix])) {
    for (const row of rows)
      intents.push({ key: row.key, campaignId: share(row.campaign_id), donationId: row.id });
  }
  return intents;
}
