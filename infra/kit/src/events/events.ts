/** Transactional outbox, the feed it is served as, and consumers whose effect is exactly once. */
export { announceChanges, anyKey, changesMigration, dependency, forgetChanges } from './changes.ts';
export type { AnnouncedRows } from './changes.ts';
export { createConsumer } from './consumer.ts';
export type { Consumer, ConsumerOptions, EventHandler } from './consumer.ts';
export { createFeedHandler, silentBell } from './feed.ts';
export type { Bell } from './feed.ts';
export { createPageFetcher } from './fetch-page.ts';
export { appendEvents, feedEnd, feedStart, InvalidFeedCursor, readFeed } from './outbox.ts';
export type { FeedEvent, FeedPage, FeedTable, NewEvent } from './outbox.ts';
export { eventsMigration } from './tables.ts';
export type { EventTables } from './tables.ts';
