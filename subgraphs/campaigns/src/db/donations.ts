import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import { sql, type ColumnType, type Kysely, type Selectable, type SqlBool } from 'kysely';
import type { Database } from './database.ts';

export const donationStates = ['INTENT', 'AWAITING_CONFIRMATION', 'COUNTED', 'FAILED', 'SUSPENSE'] as const;
export type DonationState = (typeof donationStates)[number];

type Read<T> = ColumnType<T, never, never>;

/** A gift as its facts have it: what was meant, and what came of it. A view. */
export interface DonationsView {
  campaign_id: Read<string>;
  id: Read<string>;
  payer_id: Read<string>;
  key: Read<string>;
  input_hash: Read<string>;
  amount: Read<bigint>;
  currency: Read<string>;
  provider: Read<string>;
  is_anonymous: Read<boolean>;
  created_at: Read<Date>;
  message: Read<string | null>;
  counted_at: Read<Date | null>;
  provider_ref: Read<string | null>;
  captured_at: Read<Date | null>;
  checkout_url: Read<string | null>;
  checkout_expires_at: Read<Date | null>;
  state: Read<DonationState>;
}
export type DonationRow = Selectable<DonationsView>;
/** With what tells whose gift it is. */
export type OwnedDonationRow = DonationRow & { user_id: string | null; guest_hash: string | null };

function ownedDonations(db: Kysely<Database>) {
  return db
    .selectFrom('donations')
    .leftJoin('payers', 'payers.id', 'donations.payer_id')
    .selectAll('donations')
    .select(['payers.user_id', 'payers.guest_hash']);
}

export function findDonations(db: Kysely<Database>, ids: readonly string[]): Promise<OwnedDonationRow[]> {
  return ownedDonations(db)
    .where(sql<SqlBool>`donations.id = any (${[...ids]}::text[])`)
    .execute();
}

export function findDonation(
  db: Kysely<Database>,
  campaignId: string,
  id: string,
): Promise<DonationRow | undefined> {
  return db
    .selectFrom('donations')
    .selectAll()
    .where('campaign_id', '=', campaignId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What a person, or the guest with that secret, gave under a key. */
export async function findDonationByKey(
  db: Kysely<Database>,
  of: { campaignId: string; key: string; userId: string | null; guestHash: string | null },
): Promise<DonationRow | undefined> {
  const { rows } = await sql<DonationRow>`
    select d.* from payers p
    join intents k on k.campaign_id collate "POSIX" = ${of.campaignId} and k.payer_id = p.id and k.key = ${of.key}
    join donations d on d.campaign_id = k.campaign_id and d.id = k.id
    where p.user_id = ${of.userId} or p.guest_hash = ${of.guestHash}
    -- A person who was a guest before may have used the key in both lives: first the one that is asked from.
    order by (p.guest_hash is not distinct from ${of.guestHash}::text) desc
    limit 1`.execute(db);
  return rows[0];
}

/** A person's gifts, newest first, a page for each person. */
export function findDonationsOfPeople(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<DonationRow>[]> {
  const query = db
    .selectFrom('donations')
    .innerJoin('payers', 'payers.id', 'donations.payer_id')
    .selectAll('donations');
  return keysetPagePerParent(db, query, {
    parentColumn: 'payers.user_id',
    requests,
    orderBy: [
      { column: 'donations.created_at', direction: 'desc' },
      { column: 'donations.id', direction: 'desc' },
    ],
  });
}

/** What anybody may see of a counted gift. A view. */
export interface PublicDonationsView {
  campaign_id: Read<string>;
  version: Read<bigint>;
  ordinal: Read<number>;
  amount: Read<bigint>;
  currency: Read<string>;
  /** Null where the donor is a guest or wants no name. */
  donor_id: Read<string | null>;
  message: Read<string | null>;
  created_at: Read<Date>;
}
export type PublicDonationRow = Selectable<PublicDonationsView>;

/** Counted gifts of campaigns, newest first by the place at which they were counted, a page for each campaign. */
export function findPublicDonations(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<PublicDonationRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('public_donations').selectAll(), {
    parentColumn: 'campaign_id',
    requests,
    orderBy: [
      { column: 'version', direction: 'desc' },
      { column: 'ordinal', direction: 'desc' },
    ],
  });
}

/** Any reference of a payment: ours, the provider's payment, the provider's order. */
export async function findDonationByReference(
  db: Kysely<Database>,
  reference: string,
): Promise<DonationRow | undefined> {
  const { rows } = await sql<DonationRow>`
    select d.* from donations d
    join (
      select campaign_id, id from intents where id = ${reference}
      union all
      select campaign_id, donation_id from payment_facts where provider_ref = ${reference}
      union all
      select campaign_id, donation_id from payment_routes where order_key = ${reference}
      union all
      select campaign_id, donation_id from checkouts where order_id = ${reference}
    ) found on found.campaign_id = d.campaign_id and found.id = d.id
    limit 1`.execute(db);
  return rows[0];
}
