import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { CircleRow } from './circles.ts';
import type { Database } from './database.ts';

/** A circle stands behind a campaign. */
export interface BackingsTable {
  circle_id: string;
  campaign_id: string;
  since: ColumnType<Date, Date | undefined, never>;
}
export type BackingRow = Selectable<BackingsTable>;

export function pagesOfBackings(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<BackingRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('backings').selectAll('backings'), {
    parentColumn: 'backings.circle_id',
    requests,
    orderBy: [
      { column: 'backings.since', direction: 'desc' },
      { column: 'backings.campaign_id', direction: 'desc' },
    ],
  });
}

/** The circles behind campaigns, those who came first at the head. */
export function pagesOfSupporters(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<CircleRow>[]> {
  const query = db
    .selectFrom('backings')
    .innerJoin('circles', 'circles.id', 'backings.circle_id')
    .selectAll('circles');
  return keysetPagePerParent(db, query, {
    parentColumn: 'backings.campaign_id',
    requests,
    orderBy: [
      { column: 'backings.since', direction: 'asc' },
      { column: 'backings.circle_id', direction: 'asc' },
    ],
  });
}

/** False when the circle stands behind the campaign already. */
export async function insertBacking(
  trx: Transaction<Database>,
  backing: Pick<BackingRow, 'circle_id' | 'campaign_id'>,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('backings')
    .values(backing)
    .onConflict((conflict) => conflict.columns(['circle_id', 'campaign_id']).doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** False when there was nothing to take back. */
export async function deleteBacking(
  trx: Transaction<Database>,
  backing: Pick<BackingRow, 'circle_id' | 'campaign_id'>,
): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('backings')
    .where('circle_id', '=', backing.circle_id)
    .where('campaign_id', '=', backing.campaign_id)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}
