import type { SeenTotals } from '../observations.ts';
import type { ProviderPayment } from './provider.ts';
import { inParts, inSnapshot, type Snapshot } from './snapshot.ts';

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

/** A gift that was begun: money may have been asked for. */
export interface BookedIntent {
  key: string;
  campaignId: string;
  donationId: string;
}

/** What the ledger says of a campaign that was ended in the run. */
export interface BookedClosing {
  /** Null when there is no such book. */
  status: 'OPEN' | 'CLOSED' | null;
  /** Null when no version of the totals is a close. */
  closedAtVersion: bigint | null;
  /** Gifts of anybody that have a later version. */
  countedAfter: readonly { key: string; amount: bigint; version: bigint }[];
}

/** What the books say of a payment of the provider. */
export interface PaymentFact {
  paymentId: string;
  kind: 'PAID' | 'SUSPENDED';
  donationId: string | null;
  amount: bigint;
  /** Why it is in suspense. */
  reason: string | null;
}

export interface Books {
  gifts: readonly BookedGift[];
  totals: ReadonlyMap<string, BookedTotals>;
  intents: readonly BookedIntent[];
  facts: readonly PaymentFact[];
  /** By campaign. */
  closings: ReadonlyMap<string, BookedClosing>;
  /** Of the payments asked about: keys that belong to a gift, of this run or another. */
  knownKeys: ReadonlySet<string>;
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

const intentsOfRun = 'select key, campaign_id, id from intents where starts_with(key, $1)';

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

const factsOfPayments = `
  select provider_ref, kind, donation_id, amount, reason from payment_facts
  where provider_ref = any ($1) and kind in ('PAID', 'SUSPENDED')`;

type Text<Names extends string> = Record<Names, string>;

/** What to read, and about whom. */
export interface BooksOfRun {
  databaseUrl: string;
  /** What all keys of the run begin with. */
  keyPrefix: string;
  campaignIds: readonly string[];
  /** Campaigns that were ended, and the version of their totals when that was known. */
  closings: Iterable<{ readonly campaignId: string; readonly version: bigint }>;
  /** Payments of the provider that must be found again. */
  payments: readonly ProviderPayment[];
}

/**
 * Reads the books in one snapshot, with SQL of its own: nothing of the product's code vouches for itself here.
 */
export async function readBooks(run: BooksOfRun): Promise<Books> {
  return inSnapshot(run.databaseUrl, async (snapshot) => ({
    gifts: await readGifts(snapshot, run),
    totals: await readTotals(snapshot, run.campaignIds),
    intents: await readIntents(snapshot, run),
    facts: await readFacts(snapshot, run.payments),
    closings: await readClosings(snapshot, [...run.closings]),
    knownKeys: await readKnownKeys(snapshot, run.payments),
  }));
}

/** The one copy of each campaign's id, of which millions of rows would else bring one each. */
function shareIds(campaignIds: readonly string[]): (id: string) => string {
  const known = new Map(campaignIds.map((id) => [id, id]));
  return (id) => known.get(id) ?? id;
}

async function readGifts(snapshot: Snapshot, { keyPrefix, campaignIds }: BooksOfRun): Promise<BookedGift[]> {
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

async function readTotals(
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

async function readIntents(
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

async function readClosings(
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

async function readFacts(snapshot: Snapshot, payments: readonly ProviderPayment[]): Promise<PaymentFact[]> {
  const facts: PaymentFact[] = [];
  type Row = Text<'provider_ref' | 'amount'> &
    Pick<PaymentFact, 'kind' | 'reason'> & { donation_id: string | null };
  for (const part of inParts(payments)) {
    const ids = part.map((payment) => payment.paymentId);
    for (const row of await snapshot.all<Row>(factsOfPayments, [ids])) {
      const { provider_ref: paymentId, kind, donation_id: donationId, amount, reason } = row;
      facts.push({ paymentId, kind, donationId, amount: BigInt(amount), reason });
    }
  }
  return facts;
}

async function readKnownKeys(snapshot: Snapshot, payments: readonly ProviderPayment[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const part of inParts(payments)) {
    const keys = part.map((payment) => payment.merchantKey);
    const rows = await snapshot.all<Text<'id'>>('select id from intents where id = any ($1)', [keys]);
    for (const { id } of rows) known.add(id);
  }
  return known;
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
