import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, grantReadWrite, inTransaction } from '../src/database/database.ts';
import type { Database, Migrations } from '../src/database/database.ts';
import {
  announceChanges,
  changesMigration,
  eventsMigration,
  feedEnd,
  forgetChanges,
  readFeed,
} from '../src/events/events.ts';
import type { EventTables } from '../src/events/events.ts';
import { createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

interface Tables extends EventTables {
  circles: { id: string; name: string; visits: number };
  members: { id: string; circle_id: string };
}

const migrations: Migrations = {
  '0001-events': eventsMigration,
  '0002-changes': changesMigration,
  '0003-circles': {
    up: async (db) => {
      await sql`create table circles (id text primary key, name text not null, visits integer not null)`.execute(
        db,
      );
      await sql`create table members (id text primary key, circle_id text not null)`.execute(db);
      await grantReadWrite(db, 'circles');
      await grantReadWrite(db, 'members');
      await announceChanges(db, { type: 'Circle', table: 'circles', key: 'id', columns: ['name'] });
      await announceChanges(db, { type: 'Circle', table: 'members', key: 'circle_id' });
    },
  },
};

let testDatabase: TestDatabase;
let database: Database<Tables>;
let db: Kysely<Tables>;

beforeEach(async () => {
  testDatabase = await createTestDatabase({ name: 'kit', migrations });
  database = createDatabase<Tables>({ url: testDatabase.url });
  db = database.db;
  await db.insertInto('circles').values({ id: 'a', name: 'A', visits: 0 }).execute();
  await db.insertInto('circles').values({ id: 'b', name: 'B', visits: 0 }).execute();
});

afterEach(async () => {
  await database.destroy();
  await testDatabase.drop();
});

/** The changes that are told, past the two that every test begins with. */
async function told(): Promise<string[]> {
  const rows = await sql<{
    type: string;
    subject: string;
  }>`select * from changes order by xid, position`.execute(db);
  return rows.rows.slice(2).map(({ type, subject }) => `${type} ${subject}`);
}

test('Whoever changes a row says which object looks different now', async () => {
  await db.updateTable('circles').set({ name: 'AA' }).where('id', '=', 'a').execute();
  await db.insertInto('members').values({ id: 'm', circle_id: 'b' }).execute();
  await db.deleteFrom('circles').where('id', '=', 'a').execute();
  expect(await told()).toEqual(['Circle a', 'Circle b', 'Circle a']);
});

test('An update that changes nothing that is shown is no news', async () => {
  await db.updateTable('circles').set({ visits: 7 }).execute();
  await db
    .updateTable('circles')
    .set({ name: sql`name` })
    .execute();
  expect(await told()).toEqual([]);
});

test('A row that moves changes the object that it leaves and the one that it joins', async () => {
  await db.insertInto('members').values({ id: 'm', circle_id: 'a' }).execute();
  await db.updateTable('members').set({ circle_id: 'b' }).execute();
  expect((await told()).slice(1).toSorted()).toEqual(['Circle a', 'Circle b']);
});

test('Many changes of one object in a transaction are told once; what is rolled back is not told', async () => {
  await inTransaction(db, async (trx) => {
    for (let each = 0; each < 5; each += 1)
      await trx
        .insertInto('members')
        .values({ id: `m${each}`, circle_id: 'a' })
        .execute();
  });
  const rollback = inTransaction(db, async (trx) => {
    await trx.updateTable('circles').set({ name: 'X' }).where('id', '=', 'b').execute();
    throw new Error('never mind');
  });
  await expect(rollback).rejects.toThrow('never mind');
  expect(await told()).toEqual(['Circle a']);
});

test('Who begins at the end of the feed hears what comes and nothing of what was', async () => {
  await expect
    .poll(async () => {
      const { cursor } = await readFeed(db, { after: feedEnd, limit: 10 }, 'changes');
      return (await readFeed(db, { after: cursor, limit: 10 }, 'changes')).events.length;
    })
    .toBe(0);
  const { events, cursor } = await readFeed(db, { after: feedEnd, limit: 10 }, 'changes');
  expect(events).toEqual([]);
  await db.updateTable('circles').set({ name: 'new' }).where('id', '=', 'a').execute();
  await expect
    .poll(async () => (await readFeed(db, { after: cursor, limit: 10 }, 'changes')).events.at(-1)?.subject)
    .toBe('a');
});

test('What everybody has heard of is forgotten after a day', async () => {
  await sql`update changes set occurred_at = now() - interval '25 hours' where subject = 'a'`.execute(db);
  await forgetChanges(db);
  const { rows } = await sql<{ subject: string }>`select subject from changes`.execute(db);
  expect(rows.map(({ subject }) => subject)).toEqual(['b']);
});
