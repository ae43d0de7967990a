import { expect, test } from 'vitest';
import { inParts, inSnapshot } from '../src/audit/snapshot.ts';
import { startBooksDatabase } from './support/books-database.ts';

const books = await startBooksDatabase();

test('an auditor takes its time, whatever limit the role has for requests', async () => {
  const hurried = new URL(books.url);
  hurried.searchParams.set('options', '-c statement_timeout=300');
  const rows = await inSnapshot(hurried.href, (snapshot) =>
    snapshot.all<{ slept: string }>(`select pg_sleep(0.4)::text as slept`, []),
  );
  expect(rows).toEqual([{ slept: '' }]);
});

test('what is long comes in pages, each row once', async () => {
  const sizes: number[] = [];
  let sum = 0;
  await inSnapshot(books.url, async (snapshot) => {
    const text = 'select n from generate_series(1, $1::int) as n';
    for await (const rows of snapshot.pages<{ n: number }>(text, [25_000])) {
      sizes.push(rows.length);
      for (const { n } of rows) sum += n;
    }
  });
  expect([sizes, sum]).toEqual([[10_000, 10_000, 5_000], (25_000 * 25_001) / 2]);
});

test('all pages show one state, whatever is written between them', async () => {
  await inSnapshot(books.url, async (snapshot) => {
    const count = () => snapshot.all<{ n: string }>('select count(*) as n from ledger.totals', []);
    const before = await count();
    await books.tamper(`select ledger.open_book('written meanwhile', 'CNY', 1)`);
    expect(await count()).toEqual(before);
  });
});

test('a connection that is lost while nothing is asked ends the audit with a line, and not the process', async () => {
  const audit = inSnapshot(books.url, async (snapshot) => {
    const [own] = await snapshot.all<{ pid: number }>('select pg_backend_pid() as pid', []);
    await books.tamper('select pg_terminate_backend($1)', [own?.pid]);
    return snapshot.all('select 1', []);
  });
  await expect(audit).rejects.toThrow(/^The database could not be asked: .*terminat/);
});

test('a database that is not there is told in a line', async () => {
  const away = inSnapshot('postgres://auditor@127.0.0.1:1/campaigns', async () => undefined);
  await expect(away).rejects.toThrow(/^The database could not be asked: .*ECONNREFUSED/);
});

test('a long list is asked about in parts', () => {
  const list = Array.from({ length: 20_001 }, (_, index) => index);
  const parts = [...inParts(list)];
  expect(parts.map((part) => part.length)).toEqual([10_000, 10_000, 1]);
  expect(parts.flat()).toEqual(list);
});
