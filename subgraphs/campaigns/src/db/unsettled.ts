import { sql, type ColumnType, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Up to when intents have been looked at for the first time. One row. */
export interface SweepProgressTable {
  only_row: boolean;
  scanned_until: Date;
}

/** Gifts that had no outcome when they were looked at last. */
export interface UnsettledTable {
  campaign_id: string;
  donation_id: string;
  looks: ColumnType<number, number | undefined, number>;
  next_look_at: ColumnType<Date, Date | undefined, Date>;
}
export type UnsettledRow = Selectable<UnsettledTable>;

/**
 * Goes on through the intents, in the order of their times, up to `olderThanSeconds` ago, and notes those that have no
 * outcome. Each intent is looked at once here, whatever their number. The bound must be longer than any insert can
 * take, so that none commits behind it. False when another process is at it.
 */
export async function noteUnsettled(
  trx: Transaction<Database>,
  olderThanSeconds: number,
): Promise<{ scanned: boolean; found: number }> {
  const { rows } = await sql<{ since: string; until: string }>`
    select scanned_until::text as since, (clock_timestamp() - make_interval(secs => ${olderThanSeconds}))::text as until
    from sweep_progress for update skip locked`.execute(trx);
  const [range] = rows;
  if (range === undefined) return { scanned: false, found: 0 };
  const { numAffectedRows = 0n } = await sql`
    insert into unsettled (campaign_id, donation_id)
    select i.campaign_id, i.id from intents i
    where i.created_at > ${range.since}::timestamptz and i.created_at <= ${range.until}::timestamptz
      and not exists (select from ledger.transfers t where t.book = i.campaign_id and t.id = i.id)
      and not exists (
        select from payment_facts f
        where f.campaign_id collate "POSIX" = i.campaign_id and f.donation_id = i.id and f.kind <> 'PAID'
      )
    on conflict do nothing`.execute(trx);
  await sql`update sweep_progress set scanned_until = ${range.until}::timestamptz`.execute(trx);
  return { scanned: true, found: Number(numAffectedRows) };
}

/** Takes gifts whose time to be looked at has come, and puts their next time off: no other process takes them now. */
export async function takeUnsettled(
  db: Kysely<Database>,
  limit: number,
): Promise<Pick<UnsettledRow, 'campaign_id' | 'donation_id'>[]> {
  const { rows } = await sql<Pick<UnsettledRow, 'campaign_id' | 'donation_id'>>`
    update unsettled u
    set looks = u.looks + 1,
      -- Bounded before it is raised: the fiftieth power is no interval any more, and one such row would stop the sweep.
      next_look_at = now() + least(power(2, least(u.looks, 10)) * interval '15 seconds', interval '10 minutes')
    from (
      select campaign_id, donation_id from unsettled where next_look_at <= now()
      order by next_look_at limit ${limit} for update skip locked
    ) due
    where u.campaign_id = due.campaign_id and u.donation_id = due.donation_id
    returning u.campaign_id, u.donation_id`.execute(db);
  return rows;
}

export async function deleteUnsettled(
  db: Kysely<Database>,
  gift: { campaign_id: string; donation_id: string },
): Promise<void> {
  await db
    .deleteFrom('unsettled')
    .where('campaign_id', '=', gift.campaign_id)
    .where('donation_id', '=', gift.donation_id)
    .execute();
}
