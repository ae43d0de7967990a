import { createDatabase, sqlState } from '@banyan/kit/database';
import { startSwitchingProxy } from '@banyan/kit/proxy';
import { createTestDatabase } from '@banyan/kit/testing';
import { sql, type Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { isDatabaseAway } from '../src/database/database-away.ts';

type Db = Kysely<Record<string, never>>;

async function openBehindProxy(statementTimeoutMs = 10_000) {
  const testDatabase = await createTestDatabase({ name: 'away', migrations: {} });
  const proxy = await startSwitchingProxy(testDatabase.url);
  const database = createDatabase<Record<string, never>>({ url: proxy.url, statementTimeoutMs });
  let ending: PromiseLike<void> | undefined;
  const end = async () => (ending ??= proxy[Symbol.asyncDispose]());
  onTestFinished(async () => {
    await database.destroy();
    await end();
    await testDatabase.drop();
  });
  return { db: database.db, end };
}

const failureOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );
const ask = (db: Db) => failureOf(sql`select 1`.execute(db));

test('a database is away when nobody listens, also for who was connected', async () => {
  const { db, end } = await openBehindProxy();
  expect(await ask(db)).toBeUndefined();
  await end();
  for (let round = 0; round < 3; round += 1) expect(isDatabaseAway(await ask(db))).toBe(true);
});

test('a database is away for the query under way when its connection breaks', async () => {
  const { db, end } = await openBehindProxy();
  const slow = failureOf(sql`select pg_sleep(5)`.execute(db));
  await ask(db);
  await end();
  expect(isDatabaseAway(await slow)).toBe(true);
});

test('a database is away when it ends the session', async () => {
  const { db } = await openBehindProxy();
  expect(
    isDatabaseAway(await failureOf(sql`select pg_terminate_backend(pg_backend_pid())`.execute(db))),
  ).toBe(true);
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])(
  'a database is away when the operating system says %s, which is no SQLSTATE',
  (code) => {
    const error = Object.assign(new Error(`write ${code}`), { code });
    expect(isDatabaseAway(error)).toBe(true);
    expect(sqlState(error)).toBeUndefined();
  },
);

test('a database that refuses a query, or takes too long for it, is there', async () => {
  const { db } = await openBehindProxy(100);
  for (const wrong of ['select nonsense', 'select 1 / 0', "select '{'::jsonb", 'select pg_sleep(5)'])
    expect(isDatabaseAway(await failureOf(sql.raw(wrong).execute(db)))).toBe(false);
  expect(isDatabaseAway(new Error('Connection is what this story is about'))).toBe(false);
});
