import type { Kysely } from 'kysely';
import { z } from 'zod';
import { feedEnd, feedStart, readFeed, type FeedPage, type FeedTable } from './outbox.ts';
import type { EventTables } from './tables.ts';

/** Events that one page may hold. */
const maxFeedEvents = 500;
/** How long a request may wait for news, in milliseconds. */
const maxFeedWaitMs = 25_000;
/** How often a waiting request looks by itself when nobody wakes it, in milliseconds. */
const feedPollMs = 500;

const requestShape = z.object({
  after: z.string().max(50).default(feedStart),
  limit: z.coerce.number().int().min(1).max(maxFeedEvents).default(100),
  waitMs: z.coerce.number().int().min(0).max(maxFeedWaitMs).default(0),
  types: z
    .string()
    .max(1_000)
    .transform((text) => text.split(','))
    .optional(),
});

/** Tells a waiting request that there may be news; what it calls it does not wait for. */
export interface Bell {
  /** Calls `ring` at each wake-up until the returned function is called. */
  listen(ring: () => void): () => void;
}

export const silentBell: Bell = { listen: () => () => undefined };

/** Resolves when the bell rings, `ms` pass or the signal aborts. */
function nextLook(bell: Bell, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const stopListening = bell.listen(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/**
 * The feed's answer to `?after=&limit=&waitMs=&types=`: at once when there is news or when the feed's end is asked for, else
 * within `waitMs`.
 * @throws z.ZodError or InvalidFeedCursor for parameters that are none.
 */
export function createFeedHandler<Tables extends EventTables>(options: {
  db: Kysely<Tables>;
  bell?: Bell;
  table?: FeedTable;
}): (parameters: URLSearchParams, signal: AbortSignal) => Promise<FeedPage> {
  const bell = options.bell ?? silentBell;
  return async (parameters, signal) => {
    const { after, limit, waitMs, types } = requestShape.parse(Object.fromEntries(parameters));
    let request = { after, limit, ...(types !== undefined && { types }) };
    const until = Date.now() + waitMs;
    for (;;) {
      const page = await readFeed(options.db, request, options.table);
      const leftMs = until - Date.now();
      if (page.events.length > 0 || leftMs <= 0 || signal.aborted || request.after === feedEnd) return page;
      request = { ...request, after: page.cursor };
      await nextLook(bell, Math.min(feedPollMs, leftMs), signal);
    }
  };
}
