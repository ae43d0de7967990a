import type { BookedGift, BookedIntent, BooksOfRun, UnbegunGift } from './books.ts';
import type { Snapshot, Text } from './snapshot.ts';

const giftsOfRun = `
  select t.key, t.book, t.id, t.amount, t.version, count(p.amount)::int as legs, coalesce(sum(p.amount), 0) as balance,
         coalesce(sum(p.amount) filter (where p.account = 'held'), 0) as credited
  from ledger.transfers t
  left join ledger.postings p on p.book = t.book and p.transfer = t.id
  where t.kind = 'RECEIPT' and starts_with(t.key, $1)
  group by t.book, t.id`;

const intentsOfRun = 'select key, campaign_id, id from intents where starts_with(key, $1)';

/** Whoever gives has an intent first, under the same id and key. Entries of the run are judged by what was sent. */
const unbegunGifts = `
  select t.key, t.book, t.amount from ledger.transfers t
  where t.book = any ($2) and t.kind = 'RECEIPT' and not starts_with(t.key, $1)
    and not exists (select from intents i where i.campaign_id = t.book and i.id = t.id and i.key = t.key)`;

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

/** What was counted in the run's campaigns under other keys, and nobody began. */
export async function readUnbegun(
  snapshot: Snapshot,
  { keyPrefix, campaignIds }: BooksOfRun,
): Promise<UnbegunGift[]> {
  const rows = await snapshot.all<Text<'key' | 'book' | 'amount'>>(unbegunGifts, [keyPrefix, campaignIds]);
  return rows.map(({ key, book, amount }) => ({ key, campaignId: book, amount: BigInt(amount) }));
}
