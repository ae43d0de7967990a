import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { startCuttingProxy } from '../src/proxy/proxy.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/testing.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ name: 'proxy' });
  await run(database.ownerUrl, 'create table gifts (id int)');
});
afterAll(() => database.drop());

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ id: number }>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

test('cuts a marked call before the server hears of it, or when it has committed, and lets all others pass', async () => {
  await using proxy = await startCuttingProxy(database.ownerUrl);
  await run(proxy.url, '/* gift */ insert into gifts values (1)');
  proxy.cut('/* gift */', 'before', 1);
  await run(proxy.url, 'insert into gifts values (2)');
  await expect(run(proxy.url, '/* gift */ insert into gifts values (3)')).rejects.toThrow('terminated');
  proxy.cut('/* gift */', 'after', 1);
  await expect(run(proxy.url, '/* gift */ insert into gifts values (4)')).rejects.toThrow('terminated');
  expect(proxy.cuts).toBe(2);
  expect(await run(proxy.url, '/* gift */ select id from gifts order by id')).toEqual([
    { id: 1 },
    { id: 2 },
    { id: 4 },
  ]);
});
