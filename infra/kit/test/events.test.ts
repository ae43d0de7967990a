import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWakeUps, createRedis } from '../src/cache/cache.ts';
import { createDatabase, grantReadWrite, inTransaction } from '../src/database/database.ts';
import type { Database, Migrations } from '../src/database/database.ts';
import {
  InvalidFeedCursor,
  appendEvents,
  createConsumer,
  createFeedHandler,
  createPageFetcher,
  eventsMigration,
  feedStart,
  readFeed,
} from '../src/events/events.ts';
import type { Consumer, EventHandler, EventTables, FeedEvent } from '../src/events/events.ts';
import { createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

interface Tables extends EventTables {
  effect: { event_id: string; subject: string };
}

const migrations: Migrations = {
  '0001-events': eventsMigration,
  '0002-effect': {
    up: async (db) => {
      // No unique key: an event with two effects shall be seen.
      await sql`create table effect (event_id text not null, subject text not null)`.execute(db);
      await grantReadWrite(db, 'effect');
    },
  },
};

let testDatabase: TestDatabase;
let database: Database<Tables>;
let db: Kysely<Tables>;
let consumers: Consumer[];
const log = pino({ level: 'silent' });

beforeEach(async () => {
  testDatabase = await createTestDatabase({ name: 'kit', migrations });
  database = createDatabase<Tables>({ url: testDatabase.url });
  db = database.db;
  consumers = [];
});

afterEach(async () => {
  await Promise.all(consumers.map(async (each) => each.stop()));
  await database.destroy();
  await testDatabase.drop();
});

const redis = createRedis({ url: undefined, log });
afterAll(async () => redis.close());

async function tell(trx: Transaction<Tables>, ...subjects: string[]): Promise<void> {
  await appendEvents(
    trx,
    subjects.map((subject) => ({ type: 'thing.happened', subject, payload: { amount: { minor: '1' } } })),
  );
}

async function happen(...subjects: string[]): Promise<void> {
  await inTransaction(db, async (trx) => tell(trx, ...subjects));
}

const applyEffect: EventHandler<Tables> = async (trx, event) => {
  await trx.insertInto('effect').values({ event_id: event.id, subject: event.subject }).execute();
};

function consumer(handler = applyEffect, registry?: Registry): Consumer {
  const created = createConsumer<Tables>({
    db,
    feed: 'producer',
    fetchPage: async (after) => readFeed(db, { after, limit: 3 }),
    handlers: { 'thing.happened': handler },
    log,
    ...(registry && { registry }),
  });
  consumers.push(created);
  return created;
}

async function effects(): Promise<string[]> {
  const rows = await db.selectFrom('effect').select('subject').execute();
  return rows.map((row) => row.subject);
}

/** Other tests' open transactions hold back every feed of the server for moments: drains until the effects are there. */
async function expectEffects(following: Consumer, subjects: string[]): Promise<void> {
  await expect
    .poll(
      async () => {
        await following.drain();
        return effects();
      },
      { timeout: 10_000 },
    )
    .toEqual(subjects);
}

describe('a consumer', () => {
  test('misses nothing of a transaction that commits late, and keeps the order of the feed', async () => {
    const following = consumer();
    const late = await database.pool.connect();
    await late.query('begin');
    await late.query(
      "insert into outbox (id, type, subject, payload) values ('evt_1', 'thing.happened', 'late', '{}')",
    );
    await happen('early');
    await following.drain();
    expect(await effects()).toEqual([]);
    await late.query('commit');
    late.release();
    await expectEffects(following, ['late', 'early']);
    await happen('after');
    await expectEffects(following, ['late', 'early', 'after']);
  });

  test('sees nothing of what was rolled back', async () => {
    const undone = inTransaction(db, async (trx) => {
      await tell(trx, 'undone');
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    await happen('done');
    await expectEffects(consumer(), ['done']);
  });

  test('that was down catches up, page by page, once each', async () => {
    const subjects = Array.from({ length: 10 }, (_, at) => `s${at}`);
    await happen(...subjects);
    await expectEffects(consumer(), subjects);
    // A new process goes on where the old one stood.
    await happen('next');
    await expectEffects(consumer(), [...subjects, 'next']);
  });

  test('follows a producer that comes back, by itself', async () => {
    await happen('a');
    let failures = 0;
    const following = createConsumer<Tables>({
      db,
      feed: 'producer',
      fetchPage: async (after) => {
        failures += 1;
        if (failures < 3) throw new Error('producer is down');
        return readFeed(db, { after, limit: 3 });
      },
      handlers: { 'thing.happened': applyEffect },
      log,
    });
    consumers.push(following);
    following.start();
    await expect.poll(effects, { timeout: 10_000 }).toEqual(['a']);
    await happen('b');
    await expect.poll(effects, { timeout: 10_000 }).toEqual(['a', 'b']);
  });

  test('that dies between effect and cursor leaves neither', async () => {
    await happen('a');
    let dies = true;
    const fragile: EventHandler<Tables> = async (trx, event) => {
      await applyEffect(trx, event);
      if (dies) throw new Error('dies');
    };
    const following = consumer(fragile);
    await expect.poll(async () => following.drain().catch(String), { timeout: 10_000 }).toBe('Error: dies');
    expect(await effects()).toEqual([]);
    dies = false;
    await expectEffects(following, ['a']);
  });

  test('never passes over an event that it cannot apply, and says which', async () => {
    await happen('a', 'poison', 'b');
    let isPoison = true;
    const registry = new Registry();
    const picky: EventHandler<Tables> = async (trx, event) => {
      if (isPoison && event.subject === 'poison') throw new Error('cannot');
      await applyEffect(trx, event);
    };
    const following = consumer(picky, registry);
    await expect.poll(async () => following.drain().catch(String), { timeout: 10_000 }).toBe('Error: cannot');
    await expect(following.drain()).rejects.toThrow('cannot');
    expect(await effects()).toEqual(['a']);
    expect(await registry.metrics()).toContain('banyan_events_failed_total{feed="producer"} 2');
    isPoison = false;
    await expectEffects(following, ['a', 'poison', 'b']);
  });

  test('passes over types that it does not know, also those named like a method', async () => {
    await inTransaction(db, async (trx) => {
      const other = { subject: 'x', payload: {} };
      await appendEvents(trx, [
        { type: 'toString', ...other },
        { type: 'other.happened', ...other },
      ]);
      await tell(trx, 'known');
    });
    await expectEffects(consumer(), ['known']);
  });

  test('in two processes has each effect once', async () => {
    const subjects = Array.from({ length: 30 }, (_, at) => `s${at}`);
    for (const subject of subjects) await happen(subject);
    const [one, two] = [consumer(), consumer()];
    await expect
      .poll(
        async () => {
          await Promise.all([one.drain(), two.drain(), one.drain(), two.drain()]);
          return effects();
        },
        { timeout: 10_000 },
      )
      .toEqual(subjects);
  });
});

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
