import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, grantAppendOnly } from '../src/database/database.ts';
import { createLogger } from '../src/service/service.ts';
import { createTestDatabase } from '../src/testing/testing.ts';
import type { TestDatabase } from '../src/testing/testing.ts';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase({
    name: 'kit',
    migrations: {
      '0001-people': {
        up: async (db) => {
          await sql`create table people (phone text primary key, legal_name text not null, age int check (age > 0))`.execute(
            db,
          );
          await grantAppendOnly(db, 'people');
        },
      },
    },
  });
});
afterAll(() => testDatabase.drop());

/** A logger, and the lines that it has written. */
function listen() {
  const lines: string[] = [];
  const log = createLogger({ service: 'kit', level: 'trace' }, { write: (line) => lines.push(line) });
  return { log, lines };
}

test('a row that the database refuses is not in the log, only which rule it broke', async () => {
  const { log, lines } = listen();
  const database = createDatabase({ url: testDatabase.url });
  const { db } = database;
  const insert = sql`insert into people values ('+8613800000001', '王秀英', -1)`.execute(db);
  await insert.catch((error: unknown) => {
    log.error({ err: error }, 'refused');
    log.error({ err: new Error('the action failed', { cause: error }) }, 'refused');
  });
  await database.destroy();
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).not.toContain('13800000001');
    expect(line).not.toContain('王秀英');
  }
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    err: {
      type: 'DatabaseError',
      code: '23514',
      constraint: 'people_age_check',
      stack: expect.any(String) as string,
    },
  });
});

test('a connection that the server ends is told without the connection, its role and its password', async () => {
  const { log, lines } = listen();
  const database = createDatabase({ url: testDatabase.url, log });
  const { db, pool } = database;
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  const lost = once(pool, 'error');
  const app = createDatabase({ url: testDatabase.url });
  await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(app.db);
  await lost;
  await Promise.all([database.destroy(), app.destroy()]);
  const line = lines.find((each) => each.includes('idle database connection lost')) ?? '';
  const { err } = JSON.parse(line) as { err: Record<string, unknown> };
  expect(err).toMatchObject({ code: '57P01' });
  expect(err).not.toHaveProperty('client');
  expect(line).not.toContain(new URL(testDatabase.url).password);
});

test('what is secret or personal is cut out, at whatever depth of an error', () => {
  const { log, lines } = listen();
  const error = Object.assign(new Error('no answer'), {
    code: 'ETIMEDOUT',
    request: { headers: { authorization: 'Bearer abc' }, body: '{"idNumber":"11010119900307"}' },
  });
  log.warn({ err: error, phone: '+8613800000001', input: { refreshToken: 'xyz' } }, 'failed');
  expect(lines.join()).not.toMatch(/abc|11010119900307|13800000001|xyz/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { code: 'ETIMEDOUT', message: 'no answer' } });
});
