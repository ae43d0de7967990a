import type { FeedEvent } from '@banyan/kit/events';
import type { Transaction } from 'kysely';
import type { Database } from '../db/database.ts';
import { notify } from '../db/notifications.ts';
import { findKnownIds } from '../db/people.ts';
import type { NotificationKind, NotificationParams } from '../domain/notification-kinds.ts';

/** What is older is no news: a feed that is read from its beginning floods nobody. */
const maxNewsAgeMs = 30 * 24 * 60 * 60 * 1_000;

/** Tells a person of an event elsewhere: once, and only as long as it is news. */
export async function tell(
  trx: Transaction<Database>,
  event: FeedEvent,
  news: {
    personId: string;
    kind: NotificationKind;
    params: NotificationParams;
    link: string;
    source: string;
  },
): Promise<void> {
  const at = new Date(event.occurredAt);
  if (Date.now() - at.getTime() > maxNewsAgeMs) return;
  const personIds = await findKnownIds(trx, [news.personId]);
  await notify(trx, { ...news, personIds, at });
}
