import type { BookedClosing, BookedTotals } from './books.ts';
import { inSnapshot, type Snapshot, type Text } from './snapshot.ts';

const totalsOfCampaigns = `
  select s.book, s.version, s.credited, s.receipt_count,
         coalesce(sum(p.amount) filter (where t.kind = 'RECEIPT' and p.account = 'held'), 0) as raised,
         count(distinct t.id) filter (where t.kind = 'RECEIPT') as count
  from ledger.totals s
  left join ledger.transfers t on t.book = s.book
  left join ledger.postings p on p.book = t.book and p.transfer = t.id
  where s.book = any ($1)
  group by s.book`;

/**
 * Each commit that changes the totals takes the next version: gifts that it counts bear it, and a version that no
 * transfer bears is a change of status. Looked for from the version at which the end was known, backwards.
 */
const closingsOfCampaigns = `
  select s.book, s.status, closing.version as closed_at, late.key, late.amount, late.version
  from unnest($1::text[], $2::bigint[]) as seen (book, version)
  join ledger.totals s on s.book = seen.book
  left join lateral (
    select v.version from generate_series(seen.version, 1, -1) as v (version)
    where not exists (
      select from ledger.transfers t where t.book collate "ucs_basic" = seen.book and t.version = v.version
    )
    order by v.version desc limit 1
  ) closing on true
  left join ledger.transfers late
    on late.book collate "ucs_basic" = seen.book and late.version > closing.version and late.kind = 'RECEIPT'`;

/** Totals rows, and the same recomputed from the postings, by campaign. */
export async function readTotals(
  snapshot: Snapshot,
  campaignIds: readonly string[],
): Promise<Map<string, BookedTotals>> {
  const rows = await snapshot.all<
    Text<'book' | 'version' | 'credited' | 'receipt_count' | 'raised' | 'count'>
  >(totalsOfCampaigns, [campaignIds]);
  return new Map(
    rows.map((row) => [
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
  );
}

/** What the ledger says of campaigns that were ended, by campaign. */
export async function readClosings(
  snapshot: Snapshot,
  closings: readonly { readonly campaignId: string; readonly version: bigint }[],
): Promise<Map<string, BookedClosing>> {
  const rows = await snapshot.all<
    { book: string; status: 'OPEN' | 'CLOSED' } & Record<
      'closed_at' | 'key' | 'amount' | 'version',
      string | null
    >
  >(closingsOfCampaigns, [
    closings.map(({ campaignId }) => campaignId),
    closings.map(({ version }) => String(version)),
  ]);
  return new Map(
    [...Map.groupBy(rows, (row) => row.book)].map(([book, ofBook]) => [
      book,
      {
        status: ofBook[0]?.status ?? null,
        closedAtVersion: ofBook[0]?.closed_at == null ? null : BigInt(ofBook[0].closed_at),
        countedAfter: ofBook.flatMap(({ key, amount, version }) =>
          key === null || amount === null || version === null
            ? []
            : [{ key, amount: BigInt(amount), version: BigInt(version) }],
        ),
      },
    ]),
  );
}

/** Versions of the totals rows as they are now. */
export async function readVersions(
  databaseUrl: string,
  campaignIds: readonly string[],
): Promise<Map<string, bigint>> {
  const rows = await inSnapshot(databaseUrl, (snapshot) =>
    snapshot.all<Text<'book' | 'version'>>('select book, version from ledger.totals where book = any ($1)', [
      campaignIds,
    ]),
  );
  return new Map(rows.map((row) => [row.book, BigInt(row.version)]));
}
