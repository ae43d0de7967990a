import pg from 'pg';
import type { SeenTotals } from '../observations.ts';

/** A gift as the ledger holds it. */
export interface BookedGift {
  key: string;
  campaignId: string;
  donationId: string;
  amount: bigint;
  version: bigint;
  /** Postings of the transfer and their sum: two and nought when it is whole. */
  legs: number;
  balance: bigint;
  /** What its postings credit to the campaign. */
  credited: bigint;
}

/** A campaign's totals row, and the same recomputed from the postings. */
export interface BookedTotals {
  campaignId: string;
  row: SeenTotals;
  recomputed: { raised: bigint; count: bigint };
}

export interface Books {
  gifts: readonly BookedGift[];
  totals: ReadonlyMap<string, BookedTotals>;
}

const giftsOfRun = `
  select t.key, t.book, t.id, t.amount, t.version, count(p.amount)::int as legs, coalesce(sum(p.amount), 0) as balance,
         coalesce(sum(p.amount) filter (where p.account = 'held'), 0) as credited
  from ledger.transfers t
  left join ledger.postings p on p.book = t.book and p.transfer = t.id
  where t.kind = 'RECEIPT' and starts_with(t.key, $1)
  group by t.book, t.id`;

const totalsOfCampaigns = `
  select s.book, s.version, s.credited, s.receipt_count,
         coalesce(sum(p.amount) filter (where t.kind = 'RECEIPT' and p.account = 'held'), 0) as raised,
         count(distinct t.id) filter (where t.kind = 'RECEIPT') as count
  from ledger.totals s
  left join ledger.transfers t on t.book = s.book
  left join ledger.postings p on p.book = t.book and p.transfer = t.id
  where s.book = any ($1)
  group by s.book`;

type Text<Names extends string> = Record<Names, string>;

/**
 * Reads the books in one snapshot, with SQL of its own: nothing of the ledger's code vouches for itself here.
 * @param keyPrefix what all keys of the run begin with
 */
export async function readBooks(
  databaseUrl: string,
  keyPrefix: string,
  campaignIds: readonly string[],
): Promise<Books> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const gifts = await client.query<
      Text<'key' | 'book' | 'id' | 'amount' | 'version' | 'balance' | 'credited'> & { legs: number }
    >(giftsOfRun, [keyPrefix]);
    const totals = await client.query<
      Text<'book' | 'version' | 'credited' | 'receipt_count' | 'raised' | 'count'>
    >(totalsOfCampaigns, [campaignIds]);
    await client.query('commit');
    return {
      gifts: gifts.rows.map((row) => ({
        key: row.key,
        campaignId: row.book,
        donationId: row.id,
        amount: BigInt(row.amount),
        version: BigInt(row.version),
        legs: row.legs,
        balance: BigInt(row.balance),
        credited: BigInt(row.credited),
      })),
      totals: new Map(
        totals.rows.map((row) => [
          row.book,
          {
            campaignId: row.book,
            row: {
              version: BigInt(row.version),
              raised: BigInt(row.credited),
              count: BigInt(row.receipt_count),
            },
            recomputed: { raised: BigInt(row.raised), count: BigInt(row.count) },
          },
        ]),
      ),
    };
  } finally {
    await client.end();
  }
}
