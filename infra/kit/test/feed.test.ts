import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRedis, createWakeUps } from '../src/cache/cache.ts';
import { inTransaction } from '../src/database/database.ts';
import {
  InvalidFeedCursor,
  appendEvents,
  createFeedHandler,
  createPageFetcher,
  feedStart,
  readFeed,
} from '../src/events/events.ts';
import type { FeedEvent } from '../src/events/events.ts';
import { startOutbox, type Outbox, type Tables } from './support/outbox.ts';

let outbox: Outbox;
let db: Kysely<Tables>;
let happen: Outbox['happen'];

beforeEach(async () => {
  outbox = await startOutbox();
  ({ db, happen } = outbox);
});

afterEach(() => outbox.stop());

const redis = createRedis({ url: undefined, log: pino({ level: 'silent' }) });
afterAll(async () => redis.close());

describe('the feed', () => {
  const feedOf = (bell?: { listen(ring: () => void): () => void }) =>
    createFeedHandler({ db, ...(bell && { bell }) });
  const ask = (text: string) => new URLSearchParams(text);
  const never = new AbortController().signal;

  async function settled(feed: ReturnType<typeof feedOf>, text: string): Promise<readonly FeedEvent[]> {
    return (await feed(ask(`waitMs=10000&${text}`), never)).events;
  }

  test('tells events as they were, with the cursor to go on', async () => {
    await happen('a', 'b');
    const [first, second] = await settled(feedOf(), 'limit=2');
    expect(first).toMatchObject({
      type: 'thing.happened',
      subject: 'a',
      payload: { amount: { minor: '1' } },
    });
    expect(Date.parse(first?.occurredAt ?? '')).toBeGreaterThan(0);
    expect(await settled(feedOf(), `after=${first?.cursor}`)).toEqual([second]);
  });

  test('tells only the types asked for, and moves on behind the others', async () => {
    await happen('a');
    await inTransaction(db, async (trx) =>
      appendEvents(trx, [{ type: 'other.happened', subject: 'x', payload: {} }]),
    );
    const events = await settled(feedOf(), 'types=other.happened,third');
    expect(events.map((event) => event.subject)).toEqual(['x']);
    const dry = await readFeed(db, { after: feedStart, limit: 5, types: ['third'] });
    expect(dry.events).toEqual([]);
    expect(dry.cursor).not.toBe(feedStart);
  });

  test('answers a waiting request when there is news, and lets go when the asker leaves', async () => {
    const wakeUps = createWakeUps({ redis, channel: 'outbox' });
    const waiting = settled(feedOf(wakeUps), '');
    await happen('news');
    wakeUps.ring();
    expect((await waiting).map((event) => event.subject)).toEqual(['news']);
    const asker = new AbortController();
    const left = feedOf()(ask('waitMs=20000&types=never'), asker.signal);
    asker.abort();
    expect((await left).events).toEqual([]);
  });

  test.each(['', 'x', '1', '1.', '-1.0', '99999999999999999999.0', '1.9999999999999999999'])(
    'refuses the cursor "%s"',
    async (after) => {
      await expect(readFeed(db, { after, limit: 1 })).rejects.toThrow(InvalidFeedCursor);
    },
  );

  test('travels over HTTP as it is', async () => {
    await happen('a');
    const paths: string[] = [];
    const fetchPage = createPageFetcher(
      async (path) => {
        paths.push(path);
        const page = await feedOf()(new URL(path, 'http://peer').searchParams, never);
        return JSON.parse(JSON.stringify(page)) as unknown;
      },
      { types: ['thing.happened'], waitMs: 10_000 },
    );
    const page = await fetchPage(feedStart, never);
    expect(page.events.map((event) => event.subject)).toEqual(['a']);
    expect(paths).toEqual([`/events?after=0.0&limit=200&waitMs=10000&types=thing.happened`]);
    const bad = createPageFetcher(async () => ({ events: 'none' }), { types: [] });
    await expect(bad(feedStart, never)).rejects.toThrow(/events/);
  });
});

test('the service can add events but neither change nor delete them', async () => {
  await happen('a');
  await expect(db.deleteFrom('outbox').execute()).rejects.toThrow(/permission denied/);
  await expect(db.updateTable('outbox').set({ subject: 'b' }).execute()).rejects.toThrow(/permission denied/);
});
