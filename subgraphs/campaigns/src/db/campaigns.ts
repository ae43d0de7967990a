import { keysetPage, keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { CampaignKind, Relation } from '@banyan/vocabulary';
import {
  sql,
  type ColumnType,
  type Generated,
  type Insertable,
  type Kysely,
  type Selectable,
  type Transaction,
  type Updateable,
} from 'kysely';
import type { CampaignStatus } from '../domain/lifecycle.ts';
import type { Database } from './database.ts';

export interface CampaignsTable {
  id: string;
  slug: string;
  kind: CampaignKind;
  status: CampaignStatus;
  status_reason: string | null;
  title: string;
  story: string;
  cover_url: string | null;
  organiser_id: string;
  beneficiary_id: string | null;
  /** Whether the beneficiary agreed to be named. */
  beneficiary_named: Generated<boolean>;
  /** What the beneficiary is to the organiser. */
  relation: Relation | null;
  charity_id: string | null;
  hospital_id: string | null;
  goal_minor: bigint;
  currency: string;
  disease: string | null;
  region_code: string | null;
  created_at: ColumnType<Date, Date | undefined, never>;
  /** Null until the campaign is public. */
  went_live_at: Date | null;
  ends_at: Date | null;
  search_text: ColumnType<string, never, never>;
}
export type CampaignRow = Selectable<CampaignsTable>;

/** Every status that a campaign has had, in order. Append-only. */
export interface StatusChangesTable {
  campaign_id: string;
  ordinal: number;
  status: CampaignStatus;
  reason: string | null;
  /** Who did it; null is the calendar. */
  actor_id: string | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type StatusChangeRow = Selectable<StatusChangesTable>;

const newestFirst = [
  { column: 'created_at', direction: 'desc' },
  { column: 'id', direction: 'desc' },
] as const;

export function findCampaigns(db: Kysely<Database>, ids: readonly string[]): Promise<CampaignRow[]> {
  return db.selectFrom('campaigns').selectAll().where('id', 'in', ids).execute();
}

export function findCampaignsBySlug(db: Kysely<Database>, slugs: readonly string[]): Promise<CampaignRow[]> {
  return db.selectFrom('campaigns').selectAll().where('slug', 'in', slugs).execute();
}

/** The campaign, locked against other changes of its status until the end of the transaction. */
export function lockCampaign(trx: Transaction<Database>, id: string): Promise<CampaignRow | undefined> {
  return trx.selectFrom('campaigns').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

export function insertCampaign(
  trx: Transaction<Database>,
  campaign: Insertable<CampaignsTable>,
): Promise<CampaignRow> {
  return trx.insertInto('campaigns').values(campaign).returningAll().executeTakeFirstOrThrow();
}

export function updateCampaignRow(
  trx: Transaction<Database>,
  id: string,
  change: Updateable<CampaignsTable>,
): Promise<CampaignRow> {
  return trx
    .updateTable('campaigns')
    .set(change)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Adds the next entry of the history; the caller holds the campaign's lock. */
export async function insertStatusChange(
  trx: Transaction<Database>,
  change: Omit<Insertable<StatusChangesTable>, 'ordinal' | 'created_at'>,
): Promise<void> {
  const { campaign_id: campaignId, status, reason, actor_id: actorId } = change;
  await sql`
    insert into status_changes (campaign_id, ordinal, status, reason, actor_id)
    select ${campaignId}, coalesce(max(ordinal), 0) + 1, ${status}, ${reason}, ${actorId}
    from status_changes where campaign_id = ${campaignId}`.execute(trx);
}

export function findStatusChanges(
  db: Kysely<Database>,
  campaignIds: readonly string[],
): Promise<StatusChangeRow[]> {
  return db
    .selectFrom('status_changes')
    .selectAll()
    .where('campaign_id', 'in', campaignIds)
    .orderBy('campaign_id')
    .orderBy('ordinal')
    .execute();
}

/** Campaigns of these end when their last day is over. */
const endByThemselves = ['LIVE', 'PAUSED'] as const;

/** Campaigns whose last day is over and that have not ended yet; in no order, so that those which cannot be ended now hold back no others. */
export async function findOverdueCampaigns(db: Kysely<Database>, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('campaigns')
    .select('id')
    .where('status', 'in', endByThemselves)
    .where('ends_at', '<=', sql<Date>`now()`)
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export interface CampaignSearch {
  readonly status: CampaignStatus | null;
  readonly kind: CampaignKind | null;
  readonly search: string | null;
  readonly sort: 'NEWEST' | 'ENDING_SOON';
  readonly first: number;
  readonly after: string | null;
}

/**
 * A page of what anybody may see: campaigns that have been live. Those that end soon are those that have not ended, whatever
 * the clock says: a page that changed with the clock alone could be in no copy; see public-copies.ts.
 */
export function searchCampaigns(db: Kysely<Database>, search: CampaignSearch): Promise<Page<CampaignRow>> {
  let query = db.selectFrom('campaigns').selectAll().where('went_live_at', 'is not', null);
  if (search.status !== null) query = query.where('status', '=', search.status);
  if (search.kind !== null) query = query.where('kind', '=', search.kind);
  for (const word of (search.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)) {
    query = query.where('search_text', 'like', `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  }
  const { first, after } = search;
  if (search.sort === 'NEWEST') return keysetPage(query, { first, after, orderBy: newestFirst });
  const ending = query.where('status', 'in', endByThemselves).where('ends_at', 'is not', null);
  return keysetPage(ending, {
    first,
    after,
    orderBy: [
      { column: 'ends_at', direction: 'asc' },
      { column: 'id', direction: 'asc' },
    ],
  });
}

/** Public campaigns by organiser, a page each. */
export function findCampaignsOfOrganisers(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<CampaignRow>[]> {
  const query = db.selectFrom('campaigns').selectAll().where('went_live_at', 'is not', null);
  return keysetPagePerParent(db, query, { parentColumn: 'organiser_id', requests, orderBy: newestFirst });
}

/** Public campaigns by which charities raise, a page for each charity. */
export function findCampaignsOfCharities(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<CampaignRow>[]> {
  const query = db
    .selectFrom('campaigns')
    .selectAll()
    .where('went_live_at', 'is not', null)
    .where('charity_id', 'is not', null);
  return keysetPagePerParent(db, query, { parentColumn: 'charity_id', requests, orderBy: newestFirst });
}

/** All campaigns of one organiser, whatever their status. */
export function findOwnCampaigns(
  db: Kysely<Database>,
  organiserId: string,
  page: { status: CampaignStatus | null; first: number; after: string | null },
): Promise<Page<CampaignRow>> {
  let query = db.selectFrom('campaigns').selectAll().where('organiser_id', '=', organiserId);
  if (page.status !== null) query = query.where('status', '=', page.status);
  return keysetPage(query, { first: page.first, after: page.after, orderBy: newestFirst });
}
