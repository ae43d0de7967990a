import { sql, type Kysely, type Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Whether a person agreed to offers, and to which text; told by users. */
export interface OfferConsentsTable {
  user_id: string;
  granted: boolean;
  text_version: string;
}

/** Who gave to which campaign, and when last; told by campaigns. */
export interface SupportersTable {
  user_id: string;
  campaign_id: string;
  supported_at: Date;
}

/** Whom a personal campaign is about or run by: those who are ill, and theirs. Told by campaigns. */
export interface CampaignPartiesTable {
  user_id: string;
  campaign_id: string;
}

/** What a person does not want to be offered, until then. */
export interface DeclinedOffersTable {
  user_id: string;
  opt_out_key: string;
  until: Date;
}

export async function saveOfferConsent(
  trx: Transaction<Database>,
  consent: OfferConsentsTable,
): Promise<void> {
  const { granted, text_version } = consent;
  await trx
    .insertInto('offer_consents')
    .values(consent)
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ granted, text_version }))
    .execute();
}

export async function saveSupporter(trx: Transaction<Database>, supporter: SupportersTable): Promise<void> {
  await trx
    .insertInto('supporters')
    .values(supporter)
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'campaign_id']).doUpdateSet({
        supported_at: sql`greatest(supporters.supported_at, excluded.supported_at)`,
      }),
    )
    .execute();
}

export async function saveCampaignParty(
  trx: Transaction<Database>,
  party: CampaignPartiesTable,
): Promise<void> {
  await trx
    .insertInto('campaign_parties')
    .values(party)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function saveDeclinedOffer(
  trx: Transaction<Database>,
  declined: DeclinedOffersTable,
): Promise<void> {
  await trx
    .insertInto('declined_offers')
    .values(declined)
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'opt_out_key']).doUpdateSet({ until: declined.until }),
    )
    .execute();
}

/** All that decides whether a person may be offered anything, in one row. */
export interface OfferFacts {
  user_id: string;
  /** Version of the text that the person agrees to; null without consent. */
  consented_text: string | null;
  is_party: boolean;
  last_supported_at: Date | null;
  declined: readonly string[];
  /** What the person told in her last quote. */
  birth_year: number | null;
  region_code: string | null;
}

export async function findOfferFacts(
  db: Kysely<Database>,
  userIds: readonly string[],
  now: Date,
): Promise<OfferFacts[]> {
  const { rows } = await sql<OfferFacts>`
    select person.id as user_id,
      (select text_version from offer_consents where user_id = person.id and granted) as consented_text,
      exists (select from campaign_parties where user_id = person.id) as is_party,
      (select max(supported_at) from supporters where user_id = person.id) as last_supported_at,
      array(select opt_out_key from declined_offers
        where user_id = person.id and until > ${now}) as declined,
      quote.birth_year, quote.region_code
    from unnest(${userIds}::text[]) as person (id)
    left join lateral (
      select birth_year, region_code from quotes
      where owner_id = person.id order by created_at desc limit 1
    ) as quote on true`.execute(db);
  return rows;
}

/** Of these pairs, those who gave to that campaign since then. */
export function findSupporters(
  db: Kysely<Database>,
  pairs: readonly { userId: string; campaignId: string }[],
  since: Date,
): Promise<SupportersTable[]> {
  return db
    .selectFrom('supporters')
    .selectAll()
    .where('user_id', 'in', [...new Set(pairs.map((pair) => pair.userId))])
    .where('campaign_id', 'in', [...new Set(pairs.map((pair) => pair.campaignId))])
    .where('supported_at', '>=', since)
    .execute();
}
