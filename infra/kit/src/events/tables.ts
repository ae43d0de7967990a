import { sql, type ColumnType, type Generated, type Kysely } from 'kysely';
import { grantAppendOnly, grantReadWrite } from '../database/migrate.ts';
import type { Migration } from '../database/migrate.ts';

/** Events that this service tells, in the order of (xid, position). Append-only. */
export interface OutboxTable {
  position: Generated<bigint>;
  /** Transaction that wrote the event: the feed stops before the oldest that still runs. */
  xid: Generated<string>;
  id: string;
  type: string;
  /** Id of what the event is about. */
  subject: string;
  payload: ColumnType<Record<string, unknown>, string, never>;
  occurred_at: ColumnType<Date, Date | undefined, never>;
}

/** How far this service has consumed the feeds of others. */
export interface FeedCursorsTable {
  feed: string;
  cursor: string;
}

/** Tables that a service's database has beside its own. */
export interface EventTables {
  outbox: OutboxTable;
  feed_cursors: FeedCursorsTable;
}

async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      position bigint generated always as identity,
      xid xid8 not null default pg_current_xact_id(),
      id text not null,
      type text not null,
      subject text not null,
      payload jsonb not null,
      occurred_at timestamptz not null default clock_timestamp(),
      primary key (xid, position)
    )`.execute(db);
  await sql`create table feed_cursors (feed text primary key, cursor text not null)`.execute(db);
  await grantAppendOnly(db, 'outbox');
  await grantReadWrite(db, 'feed_cursors');
}

/** Makes the outbox and the cursors; the first migration of every service that tells or hears events. */
export const eventsMigration: Migration = { up };
