import { keysetPagePerParent, type Page, type ParentPageRequest } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import type { ColumnType, Kysely, Selectable, Transaction } from 'kysely';
import type { NotificationKind, NotificationParams } from '../domain/notification-kinds.ts';
import type { Database } from './database.ts';

export interface NotificationsTable {
  id: string;
  person_id: string;
  kind: NotificationKind;
  params: ColumnType<NotificationParams, string, never>;
  /** Where in the client it leads. */
  link: string | null;
  /** What it comes from, where that could be told again; once for a person. */
  source: string | null;
  read_at: Date | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
export type NotificationRow = Selectable<NotificationsTable>;

/** A page of one person's notifications, perhaps of the unread alone. */
export interface NotificationsRequest extends ParentPageRequest {
  readonly unreadOnly: boolean;
}

/** Tells each of these people, in the transaction of what is told. The same source tells nobody twice. */
export async function notify(
  trx: Transaction<Database>,
  news: {
    personIds: readonly string[];
    kind: NotificationKind;
    params: NotificationParams;
    link?: string;
    source?: string;
    at?: Date;
  },
): Promise<void> {
  if (news.personIds.length === 0) return;
  await trx
    .insertInto('notifications')
    .values(
      news.personIds.map((personId) => ({
        id: newId('ntf'),
        person_id: personId,
        kind: news.kind,
        params: JSON.stringify(news.params),
        link: news.link ?? null,
        source: news.source ?? null,
        read_at: null,
        ...(news.at && { created_at: news.at }),
      })),
    )
    .onConflict((conflict) => conflict.constraint('notifications_source').doNothing())
    .execute();
}

/** Newest first. */
export async function pagesOfNotifications(
  db: Kysely<Database>,
  requests: readonly NotificationsRequest[],
): Promise<Page<NotificationRow>[]> {
  const pages = new Map<NotificationsRequest, Page<NotificationRow>>();
  for (const [unreadOnly, alike] of Map.groupBy(requests, (request) => request.unreadOnly)) {
    let query = db.selectFrom('notifications').selectAll('notifications');
    if (unreadOnly) query = query.where('read_at', 'is', null);
    const found = await keysetPagePerParent(db, query, {
      parentColumn: 'notifications.person_id',
      requests: alike,
      orderBy: [
        { column: 'notifications.created_at', direction: 'desc' },
        { column: 'notifications.id', direction: 'desc' },
      ],
    });
    alike.forEach((request, index) => pages.set(request, found[index] as Page<NotificationRow>));
  }
  return requests.map((request) => pages.get(request) as Page<NotificationRow>);
}

export function countUnread(
  db: Kysely<Database>,
  personIds: readonly string[],
): Promise<{ person_id: string; unread: bigint }[]> {
  return db
    .selectFrom('notifications')
    .select((select) => ['person_id', select.fn.countAll<bigint>().as('unread')])
    .where('person_id', 'in', personIds)
    .where('read_at', 'is', null)
    .groupBy('person_id')
    .execute();
}

/** Marks the person's own among these; others are passed over. */
export async function markRead(
  db: Kysely<Database>,
  personId: string,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('notifications')
    .set({ read_at: at })
    .where('person_id', '=', personId)
    .where('id', 'in', ids)
    .where('read_at', 'is', null)
    .execute();
}
