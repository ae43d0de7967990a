import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What a circle's team did, to whom or what, and why. Append-only. */
export interface ModerationLogTable {
  id: string;
  circle_id: string;
  by_user_id: string;
  action: string;
  /** Id of the person, post or membership concerned. */
  subject: string;
  reason: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type ModerationEntryRow = Selectable<ModerationLogTable>;

export function pagesOfModeration(
  db: Kysely<Database>,
  requests: readonly ParentPageRequest[],
): Promise<Page<ModerationEntryRow>[]> {
  return keysetPagePerParent(db, db.selectFrom('moderation_log').selectAll('moderation_log'), {
    parentColumn: 'moderation_log.circle_id',
    requests,
    orderBy: [
      { column: 'moderation_log.created_at', direction: 'desc' },
      { column: 'moderation_log.id', direction: 'desc' },
    ],
  });
}

export async function logModeration(
  trx: Transaction<Database>,
  entry: Omit<ModerationEntryRow, 'id' | 'created_at'>,
): Promise<void> {
  await trx
    .insertInto('moderation_log')
    .values({ id: newId('mod'), ...entry })
    .execute();
}
