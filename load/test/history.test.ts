import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellHistories } from '../src/audit/history.ts';
import { startBooksDatabase } from './support/books-database.ts';

const books = await startBooksDatabase();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-history-'));
  await books.tamper(`insert into intents (campaign_id, id, payer_id, key, input_hash, amount, currency, provider, is_anonymous)
    values ('cmp_1', 'don_1', 'pyr_1', 'run-1', 'hash', 100, 'CNY', 'sandbox', false)`);
  const lines = [
    { kind: 'sent', at: 1, key: 'run-1', campaignId: 'cmp_1' },
    { kind: 'sent', at: 2, key: 'run-11', campaignId: 'cmp_1' },
    { kind: 'failed', at: 3, key: 'run-1', status: 0, code: 'NO_ANSWER' },
    { kind: 'read', at: 4, campaignId: 'cmp_1', reader: 'readers-4' },
    { kind: 'read', at: 5, campaignId: 'cmp_1', reader: 'readers-40' },
    { kind: 'read', at: 6, campaignId: 'cmp_2', reader: 'readers-4' },
  ];
  await writeFile(join(folder, 'record'), lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('the history of a key is what the load saw and what the books hold, and that of a reader what it was shown', async () => {
  const sources = {
    recordFile: join(folder, 'record'),
    databaseUrl: books.url,
    sandboxUrl: undefined,
    bookStart: 0,
  };
  const lines = await tellHistories(
    [
      { fault: 'LOST', subject: 'run-1', detail: '' },
      { fault: 'UNCOUNTED', subject: 'run-1', detail: '' },
      { fault: 'STALE', subject: 'cmp_1', detail: '', reader: 'readers-4' },
    ],
    sources,
  );
  const short = lines.map((line) =>
    line.replace(/\{.*?"at":(\d).*/, '$1').replace(/(intents) .*"id": "(\w+)".*/, '$1 $2'),
  );
  expect(short).toEqual([
    'History of run-1',
    '  load      1',
    '  load      3',
    '  database  intents don_1',
    'History of readers-4 at cmp_1',
    '  load      4',
  ]);
});

test('nothing found, nothing told', async () => {
  const sources = { recordFile: 'none', databaseUrl: 'none', sandboxUrl: undefined, bookStart: 0 };
  expect(await tellHistories([], sources)).toEqual([]);
});
