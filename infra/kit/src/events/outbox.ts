import { sql, type Kysely, type Transaction } from 'kysely';
import { typeid } from 'typeid-js';
import type { EventTables } from './tables.ts';

/** Something that happened. The payload holds ids and facts, never personal data beyond ids. */
export interface NewEvent {
  type: string;
  subject: string;
  payload: Readonly<Record<string, unknown>>;
}

/** An event as the feed tells it. */
export interface FeedEvent extends NewEvent {
  cursor: string;
  id: string;
  occurredAt: string;
}

export interface FeedPage {
  events: readonly FeedEvent[];
  /** Where to go on: behind the last event, or behind all that was looked at. */
  cursor: string;
}

/** Where a feed begins. */
export const feedStart = '0.0';
/** Stands for the end of a feed: a page after it has no events, and the cursor to go on with. */
export const feedEnd = 'end';

const cursorForm = /^(\d{1,20})\.(\d{1,19})$/;
const maxXid = 2n ** 64n - 1n;
const maxPosition = 2n ** 63n - 1n;

/** Tables that are read as feeds: what has happened, and which objects look different since. */
export type FeedTable = 'outbox' | 'changes';

/** The cursor is not one of a feed. */
export class InvalidFeedCursor extends Error {
  override readonly name = 'InvalidFeedCursor';
}

/** Adds events to the outbox in the transaction of what they tell. */
export async function appendEvents<Tables extends EventTables>(
  trx: Transaction<Tables>,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const outbox = trx as unknown as Transaction<EventTables>;
  await outbox
    .insertInto('outbox')
    .values(
      events.map(({ type, subject, payload }) => ({
        id: typeid('evt').toString(),
        type,
        subject,
        payload: JSON.stringify(payload),
      })),
    )
    .execute();
}

/**
 * Events after a cursor, oldest first. Rows are in the order of their transactions' ids, and the page stops before the
 * oldest transaction that still runs: whatever commits late has a higher id than all that was told, so nothing is ever
 * skipped.
 */
export async function readFeed<Tables extends EventTables>(
  db: Kysely<Tables>,
  request: { after: string; limit: number; types?: readonly string[] },
  table: FeedTable = 'outbox',
): Promise<FeedPage> {
  const events = db as unknown as Kysely<EventTables>;
  const { rows: snapshots } = await sql<{
    xmin: string;
  }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`.execute(events);
  const xmin = snapshots[0]?.xmin ?? '0';
  if (request.after === feedEnd) return { events: [], cursor: `${xmin}.0` };
  const { xid, position } = parseCursor(request.after);
  let query = events
    .selectFrom(table as 'outbox')
    .select([
      sql<string>`xid::text || '.' || position`.as('cursor'),
      'id',
      'type',
      'subject',
      'payload',
      'occurred_at',
    ])
    .where(sql<boolean>`(xid, position) > (${xid}::xid8, ${position}::bigint)`)
    .where(sql<boolean>`xid < ${xmin}::xid8`)
    .orderBy(sql.ref(`${table}.xid`))
    .orderBy('position')
    .limit(request.limit);
  if (request.types !== undefined) query = query.where('type', 'in', request.types);
  const rows = await query.execute();
  return {
    events: rows.map(({ occurred_at: occurredAt, ...event }) => ({
      ...event,
      occurredAt: occurredAt.toISOString(),
    })),
    cursor:
      rows.length === request.limit
        ? (rows.at(-1)?.cursor ?? request.after)
        : later(request.after, `${xmin}.0`),
  };
}

function parseCursor(cursor: string): { xid: string; position: string } {
  const [, xid = '', position = ''] = cursorForm.exec(cursor) ?? [];
  if (xid === '' || BigInt(xid) > maxXid || BigInt(position) > maxPosition) {
    throw new InvalidFeedCursor('The cursor is not one of a feed.');
  }
  return { xid, position };
}

/** All below `horizon` was looked at, so that what was not asked for is not looked at again. */
function later(after: string, horizon: string): string {
  const [xid = '0'] = after.split('.');
  const [horizonXid = '0'] = horizon.split('.');
  return BigInt(horizonXid) > BigInt(xid) ? horizon : after;
}
