import type { Kysely, Transaction } from 'kysely';
import { Counter, type Registry } from 'prom-client';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../database/in-transaction.ts';
import type { Logger } from '../service/logger.ts';
import { createOutageLog } from './outage-log.ts';
import { feedStart, type FeedEvent, type FeedPage } from './outbox.ts';
import type { EventTables } from './tables.ts';

/** The effect of an event, in the transaction that also moves the cursor. */
export type EventHandler<Tables> = (trx: Transaction<Tables>, event: FeedEvent) => Promise<void>;

export interface ConsumerOptions<Tables> {
  db: Kysely<Tables>;
  /** Name of the feed, which is its producer's. */
  feed: string;
  /** Events of the producer after a cursor, waiting for news where there are none. */
  fetchPage(after: string, signal: AbortSignal): Promise<FeedPage>;
  /** By event type; other types are passed over. */
  handlers: Readonly<Record<string, EventHandler<Tables>>>;
  log: Logger;
  registry?: Registry;
}

/** A running consumer of one feed. */
export interface Consumer {
  start(): void;
  /** Ends after the page at hand. */
  stop(): Promise<void>;
  /**
   * Applies what there is until the feed is dry; for tests and seeds. Gives the number of events read. A feed ends before
   * the oldest open transaction of the whole server, so that a test beside others asks again until it has its event.
   */
  drain(): Promise<number>;
}

const pause = { leastMs: 200, mostMs: 10_000 };

/** The cursor of a feed, made at its beginning when it is new. */
async function readCursor(db: Kysely<EventTables>, feed: string): Promise<string> {
  await db
    .insertInto('feed_cursors')
    .values({ feed, cursor: feedStart })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('feed_cursors')
    .select('cursor')
    .where('feed', '=', feed)
    .executeTakeFirstOrThrow();
  return row.cursor;
}

/** One look at the feed: fetches a page behind the cursor and applies it. Gives the number of events, null when it is dry. */
function createStep<Tables extends EventTables>(options: ConsumerOptions<Tables>) {
  const { feed, log } = options;
  const db = options.db as unknown as Kysely<EventTables>;
  const counter = options.registry && consumedCounter(options.registry);
  const failures = options.registry && failedCounter(options.registry);

  /** Effects and cursor in one transaction; false when another process has been here since the page was fetched. */
  async function apply(page: FeedPage, from: string): Promise<boolean> {
    return inTransaction(db, async (trx) => {
      const row = await trx
        .selectFrom('feed_cursors')
        .select('cursor')
        .where('feed', '=', feed)
        .forUpdate()
        .executeTakeFirst();
      if (row?.cursor !== from) return false;
      for (const event of page.events) {
        const handler = Object.hasOwn(options.handlers, event.type)
          ? options.handlers[event.type]
          : undefined;
        await handler?.(trx as unknown as Transaction<Tables>, event);
      }
      await trx.updateTable('feed_cursors').set({ cursor: page.cursor }).where('feed', '=', feed).execute();
      return true;
    });
  }

  async function applyOneByOne(page: FeedPage, from: string): Promise<void> {
    let cursor = from;
    for (const event of page.events) {
      try {
        if (!(await apply({ events: [event], cursor: event.cursor }, cursor))) return;
      } catch (error) {
        failures?.inc({ feed });
        const place = { feed, eventId: event.id, type: event.type };
        log.error({ err: error, ...place }, 'an event cannot be applied; it will be tried again');
        throw error;
      }
      cursor = event.cursor;
    }
  }

  return async (signal: AbortSignal): Promise<number | null> => {
    const from = await readCursor(db, feed);
    const page = await options.fetchPage(from, signal);
    if (page.cursor === from) return null;
    try {
      if (await apply(page, from)) counter?.inc({ feed }, page.events.length);
    } catch (error) {
      log.warn({ err: error, feed }, 'a page of events failed');
      await applyOneByOne(page, from);
    }
    return page.events.length;
  };
}

/**
 * Pulls a feed and applies each page in one transaction together with the cursor, which is locked meanwhile: an event has
 * its effect exactly once, after a crash, with two processes, and after the consumer was down. A page that fails is
 * tried again, event by event, so that the log names the one that cannot be applied; it is never passed over.
 */
export function createConsumer<Tables extends EventTables>(options: ConsumerOptions<Tables>): Consumer {
  const { feed, log } = options;
  const step = createStep(options);
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function loop(): Promise<void> {
    const { signal } = stopping;
    let waitMs = pause.leastMs;
    const outage = createOutageLog(feed, log);
    while (!signal.aborted) {
      try {
        const count = await step(signal);
        waitMs = pause.leastMs;
        outage.followed();
        // A producer that answers a dry page at once, because it is ending, is not asked in a tight loop.
        if (!count) await delay(pause.leastMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        outage.failed(error);
        await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, pause.mostMs);
      }
    }
  }

  return {
    start() {
      running = loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    async drain() {
      let total = 0;
      for (;;) {
        const count = await step(stopping.signal);
        if (count === null || count === 0) return total;
        total += count;
      }
    },
  };
}

function consumedCounter(registry: Registry): Counter<'feed'> {
  const name = 'banyan_events_consumed_total';
  const known = registry.getSingleMetric(name) as Counter<'feed'> | undefined;
  return (
    known ??
    new Counter({ name, help: 'Events read from a feed.', labelNames: ['feed'], registers: [registry] })
  );
}

function failedCounter(registry: Registry): Counter<'feed'> {
  const name = 'banyan_events_failed_total';
  const known = registry.getSingleMetric(name) as Counter<'feed'> | undefined;
  const help = 'Attempts to apply an event that failed; the event is tried again.';
  return known ?? new Counter({ name, help, labelNames: ['feed'], registers: [registry] });
}
