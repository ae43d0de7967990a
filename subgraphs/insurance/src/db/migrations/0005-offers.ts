import { grantReadWrite } from '@banyan/kit/database';
import { sql, type Kysely } from 'kysely';

/** What peers told, as far as offers need it, and what people want to hear no more of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table offer_consents (
      user_id text primary key,
      granted boolean not null,
      text_version text not null
    )`.execute(db);
  await sql`
    create table supporters (
      user_id text not null,
      campaign_id text not null,
      supported_at timestamptz not null,
      primary key (user_id, campaign_id)
    )`.execute(db);
  await sql`
    create table campaign_parties (
      user_id text not null,
      campaign_id text not null,
      primary key (user_id, campaign_id)
    )`.execute(db);
  await sql`
    create table declined_offers (
      user_id text not null,
      opt_out_key text not null,
      until timestamptz not null,
      primary key (user_id, opt_out_key)
    )`.execute(db);
  for (const table of ['offer_consents', 'supporters', 'campaign_parties', 'declined_offers'])
    await grantReadWrite(db, table);
}
