import type { ColumnType, Insertable, Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Who looked at or changed what by privilege, and why. Append-only. */
export interface AuditLogTable {
  id: string;
  actor_id: string;
  action: string;
  subject: string;
  reason: string;
  created_at: ColumnType<Date, never, never>;
}

export async function insertAudit(db: Kysely<Database>, entry: Insertable<AuditLogTable>): Promise<void> {
  await db.insertInto('audit_log').values(entry).execute();
}
