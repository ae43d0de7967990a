import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import type { Generated } from 'kysely';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createDatabase,
  grantAppendOnly,
  grantReadWrite,
  inTransaction,
  isTransient,
  migrate,
  sqlState,
  violatedConstraint,
} from '../src/database/database.ts';
import type { Database, Migrations } from '../src/database/database.ts';
import { countQueries, createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

interface Schema {
  counter: { id: string; value: bigint };
  fact: { id: Generated<bigint>; day: string; at: Date; amount: string };
}

const migrations: Migrations = {
  '0001-counter': {
    up: async (db) => {
      await sql`create table counter (id text primary key, value bigint not null check (value >= 0))`.execute(
        db,
      );
      await grantReadWrite(db, 'counter');
    },
  },
  '0002-fact': {
    up: async (db) => {
      await sql`create table fact (
        id bigint generated always as identity primary key,
        day date not null, at timestamptz not null, amount numeric not null)`.execute(db);
      await grantAppendOnly(db, 'fact');
    },
  },
};

let testDatabase: TestDatabase;
let database: Database<Schema>;
const registry = new Registry();

beforeAll(async () => {
  testDatabase = await createTestDatabase({ name: 'kit', migrations });
  database = createDatabase<Schema>({ url: testDatabase.url, lockTimeoutMs: 200, registry });
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

describe('values', () => {
  test('arrive as the types that lose nothing', async () => {
    const at = new Date('2026-02-28T23:59:59.999Z');
    const fact = await database.db
      .insertInto('fact')
      .values({ day: '2026-02-28', at, amount: '0.10' })
      .returningAll()
      .executeTakeFirstOrThrow();
    expect(fact).toMatchObject({ day: '2026-02-28', at, amount: '0.10' });
    expect(typeof fact.id).toBe('bigint');
    const arrays = await sql<{ big: (bigint | null)[]; days: string[] }>`
      select array[9007199254740993, null]::bigint[] as big, array['2026-01-01'::date] as days`.execute(
      database.db,
    );
    expect(arrays.rows).toEqual([{ big: [9007199254740993n, null], days: ['2026-01-01'] }]);
  });
});

describe('the app role', () => {
  test('adds to an append-only table but changes nothing in it', async () => {
    const change = database.db.updateTable('fact').set({ amount: '1' }).execute();
    await expect(change).rejects.toSatisfy((error) => sqlState(error) === '42501');
    await expect(database.db.deleteFrom('fact').execute()).rejects.toThrow(/permission denied/);
  });

  test('has no DDL and cannot enter the migration records', async () => {
    await expect(sql`create table x ()`.execute(database.db)).rejects.toThrow(/permission denied/);
    await expect(sql`create temp table x ()`.execute(database.db)).rejects.toThrow(/permission denied/);
    await expect(sql`drop table fact`.execute(database.db)).rejects.toThrow(/must be owner/);
    await expect(sql`select * from kysely_migration`.execute(database.db)).rejects.toThrow(
      /permission denied/,
    );
  });
});

describe('migrations', () => {
  test('run once when several processes start them together', async () => {
    const { ownerUrl, appRole } = testDatabase;
    const more: Migrations = {
      ...migrations,
      '0003-more': { up: async (db) => void (await sql`create table more (id int)`.execute(db)) },
    };
    await Promise.all([1, 2, 3].map(async () => migrate({ ownerUrl, appRole, migrations: more })));
    await migrate({ ownerUrl, appRole, migrations: more });
    expect((await database.pool.query("select to_regclass('more') as t")).rows).toEqual([{ t: 'more' }]);
  });

  test('that fail leave nothing and name the step', async () => {
    const broken: Migrations = {
      '0001-broken': {
        up: async (db) => {
          await sql`create table half ()`.execute(db);
          await sql`select 1/0`.execute(db);
        },
      },
    };
    const empty = await createTestDatabase({ name: 'kit' });
    const { ownerUrl, appRole } = empty;
    await expect(migrate({ ownerUrl, appRole, migrations: broken })).rejects.toThrow(/0001-broken/);
    await migrate({ ownerUrl, appRole, migrations });
    await empty.drop();
  });
});

describe('a transaction', () => {
  test('is run again after a lock that it did not get, and then succeeds', async () => {
    await database.db.insertInto('counter').values({ id: 'lock', value: 0n }).execute();
    const holder = await database.pool.connect();
    await holder.query("begin; update counter set value = 5 where id = 'lock'");
    let attempts = 0;
    await inTransaction(database.db, async (trx) => {
      attempts += 1;
      if (attempts === 2) await holder.query('commit');
      await sql`update counter set value = value + 1 where id = 'lock'`.execute(trx);
    });
    holder.release();
    expect(attempts).toBe(2);
    const row = await database.db.selectFrom('counter').where('id', '=', 'lock').select('value').execute();
    expect(row).toEqual([{ value: 6n }]);
  });

  test('that meets others counts each of them once, also when serializable', async () => {
    await database.db.insertInto('counter').values({ id: 'busy', value: 0n }).execute();
    const increment = async () =>
      inTransaction(
        database.db,
        async (trx) => {
          const { value } = await trx
            .selectFrom('counter')
            .where('id', '=', 'busy')
            .select('value')
            .executeTakeFirstOrThrow();
          await trx
            .updateTable('counter')
            .set({ value: value + 1n })
            .where('id', '=', 'busy')
            .execute();
        },
        { isolation: 'serializable', maxAttempts: 50 },
      );
    await Promise.all(Array.from({ length: 8 }, increment));
    const row = await database.db.selectFrom('counter').where('id', '=', 'busy').select('value').execute();
    expect(row).toEqual([{ value: 8n }]);
  });

  test('that fails for good is rolled back, tried once, and names its constraint', async () => {
    let attempts = 0;
    const failing = inTransaction(database.db, async (trx) => {
      attempts += 1;
      await trx.insertInto('counter').values({ id: 'gone', value: 1n }).execute();
      await trx.insertInto('counter').values({ id: 'bad', value: -1n }).execute();
    });
    await expect(failing).rejects.toSatisfy(
      (error) => violatedConstraint(error) === 'counter_value_check' && !isTransient(error),
    );
    expect(attempts).toBe(1);
    expect(await database.db.selectFrom('counter').where('id', '=', 'gone').selectAll().execute()).toEqual(
      [],
    );
  });

  test('gives up after its attempts', async () => {
    let attempts = 0;
    const never = inTransaction(
      database.db,
      async (trx) => {
        attempts += 1;
        await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(trx);
      },
      { maxAttempts: 3 },
    );
    await expect(never).rejects.toThrow('again');
    expect(attempts).toBe(3);
  });
});

test('queries are counted without the control of transactions', async () => {
  const { queries, transactions } = await countQueries(database, async () =>
    inTransaction(database.db, async (trx) => {
      await sql`select 1`.execute(trx);
      await sql`select 2`.execute(trx);
    }),
  );
  expect({ queries, transactions }).toEqual({ queries: 2, transactions: 1 });
  expect(await registry.metrics()).toMatch(/banyan_db_queries_total\{outcome="ok",origin="background"\} \d+/);
});

test('a connection that is lost while it is in use fails its caller, not the process', async () => {
  const other = createDatabase({ url: testDatabase.url });
  const lost = database.db.connection().execute(async (connection) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other.db);
    // Between two queries nobody waits for an answer by which the loss could be told.
    await delay(50);
    await sql`select 1`.execute(connection);
  });
  await expect(lost).rejects.toThrow(/terminat|connection/i);
  await other.destroy();
  expect((await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
});

test('a lost idle connection does not end the process, and the next query works', async () => {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database.db);
  const other = createDatabase({ url: testDatabase.url });
  await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other.db);
  await other.destroy();
  await expect
    .poll(async () => (await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows)
    .toEqual([{ one: 1 }]);
  expect(database.db).toBeInstanceOf(Kysely);
});
