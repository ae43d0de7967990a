import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../src/database/database.ts';
import { appendEvents, createConsumer, readFeed } from '../src/events/events.ts';
import type { Consumer, EventHandler } from '../src/events/events.ts';
import { startOutbox, tell, type Outbox, type Tables } from './support/outbox.ts';

let outbox: Outbox;
let database: Outbox['database'];
let db: Kysely<Tables>;
let happen: Outbox['happen'];
let consumers: Consumer[];
const log = pino({ level: 'silent' });

beforeEach(async () => {
  outbox = await startOutbox();
  ({ database, db, happen } = outbox);
  consumers = [];
});

afterEach(async () => {
  await Promise.all(consumers.map(async (each) => each.stop()));
  await outbox.stop();
});

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
