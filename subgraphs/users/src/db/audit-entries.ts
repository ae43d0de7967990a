import { keysetPage, type Page } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What staff looked at and changed, and why. Append-only. */
export interface AuditEntriesTable {
  id: string;
  actor_id: string;
  action: string;
  /** Id of what it was about. */
  subject: string;
  reason: string | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type AuditEntryRow = Selectable<AuditEntriesTable>;

/** In the transaction of what it tells, so that neither is there without the other. */
export async function recordAudit(
  trx: Transaction<Database>,
  entry: Omit<AuditEntryRow, 'id' | 'created_at'>,
): Promise<void> {
  await trx
    .insertInto('audit_entries')
    .values({ id: newId('adt'), ...entry })
    .execute();
}

/** Newest first. */
export function pageOfAudit(
  db: Kysely<Database>,
  filter: { subject: string | null; actorId: string | null },
  page: { first: number; after: string | null },
): Promise<Page<AuditEntryRow>> {
  let query = db.selectFrom('audit_entries').selectAll('audit_entries');
  if (filter.subject !== null) query = query.where('subject', '=', filter.subject);
  if (filter.actorId !== null) query = query.where('actor_id', '=', filter.actorId);
  return keysetPage(query, {
    ...page,
    orderBy: [
      { column: 'audit_entries.created_at', direction: 'desc' },
      { column: 'audit_entries.id', direction: 'desc' },
    ],
  });
}
