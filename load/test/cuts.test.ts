import { startCuttingProxy } from '@banyan/kit/proxy';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { inflict, type Machinery } from '../src/faults/machinery.ts';
import { repertoire } from '../src/faults/repertoire.ts';
import { startBooksDatabase } from './support/books-database.ts';

const books = await startBooksDatabase();
const proxy = await startCuttingProxy(books.url);

afterAll(async () => proxy[Symbol.asyncDispose]());

/** A call as the one that commits intents, on a connection of its own; false when it was cut. */
async function call(): Promise<boolean> {
  const client = new pg.Client({ connectionString: proxy.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select 'open_intents'`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function cut(calls: number, takeEffect: () => void) {
  const kind = repertoire.find(({ name }) => name === 'cut before intents');
  if (kind === undefined) throw new Error('the repertoire cuts before intents');
  const machinery: Machinery = {
    pid: () => undefined,
    redisUrl: undefined,
    databaseUrl: books.url,
    adminUrl: books.url,
    proxy,
    disk: undefined,
    failOver: undefined,
  };
  return inflict(machinery, { kind, atMs: 0, forMs: 0, calls }, takeEffect);
}

test('a cut is over when its fault is over: calls that come later go through, though fewer were cut than ordered', async () => {
  const takeEffect = vi.fn<() => void>();
  const fault = cut(3, takeEffect);
  expect(await call()).toBe(false);
  expect(await fault).toBe('done');
  expect(takeEffect).toHaveBeenCalled();
  expect(await call()).toBe(true);
});
