import { createHash } from 'node:crypto';
import type { ColumnType, Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Notifications that could be believed but not used. Append-only. */
export interface KeptNotificationsTable {
  /** SHA-256 of what came, base64url: the same twice is kept once. */
  digest: string;
  body: string;
  received_at: ColumnType<Date, never, never>;
}

/** Keeps it word for word, but for the one character that a column of text cannot hold. */
export async function keepNotification(db: Kysely<Database>, rawBody: Buffer): Promise<void> {
  const digest = createHash('sha256').update(rawBody).digest('base64url');
  await db
    .insertInto('kept_notifications')
    .values({ digest, body: rawBody.toString('utf8').replaceAll('\0', '\ufffd') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
