import { inspect } from 'node:util';
import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import { startPostgres } from '@banyan/kit/embedded';
import { audit, createCommitter, hashInput, ledgerMigration, openBook } from '../src/ledger.ts';
import type { LedgerTables, TransferInput } from '../src/ledger.ts';
import { TransactionPerGift } from './transaction-per-gift.ts';

/*
 * node infra/ledger/bench/group-commit.ts
 *
 * A transaction per gift against group commit, in one run, interleaved, with fsync, on an embedded PostgreSQL of its own: calls
 * per second and latency on one hot book, and on many. A fifth of the calls are repeats. About 45 seconds.
 */
const ROUND_MS = 2_500;
const ROUNDS = 2;
const SPREAD_BOOKS = 1_000;
const POOL_CONNECTIONS = 32;

type Post = (input: TransferInput) => Promise<unknown>;

interface Sample {
  readonly gifts: number;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
}

let serial = 0;

function nextGift(books: readonly string[], previous: TransferInput | null): TransferInput {
  serial += 1;
  if (previous && serial % 5 === 0) return previous;
  const book = books[serial % books.length] ?? '';
  const fields = { amount: 100n, currency: 'CNY' };
  return { book, id: `t${serial}`, payer: `p${serial}`, key: 'k', inputHash: hashInput(fields), ...fields };
}

async function measure(post: Post, callers: number, books: readonly string[]): Promise<Sample> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + ROUND_MS;
  async function call(): Promise<void> {
    let previous: TransferInput | null = null;
    while (performance.now() < endsAt) {
      const input = nextGift(books, previous);
      const sentAt = performance.now();
      await post(input);
      latenciesMs.push(performance.now() - sentAt);
      previous = input;
    }
  }
  await Promise.all(Array.from({ length: callers }, async () => call()));
  return { gifts: latenciesMs.length, seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

function report(name: string, callers: number, books: number, samples: readonly Sample[]) {
  const latencies = samples.flatMap((each) => each.latenciesMs).toSorted((a, b) => a - b);
  const gifts = samples.reduce((sum, each) => sum + each.gifts, 0);
  const seconds = samples.reduce((sum, each) => sum + each.seconds, 0);
  return {
    how: name,
    books,
    callers,
    'calls/s': Math.round(gifts / seconds),
    'p50 ms': Number(percentile(latencies, 0.5).toFixed(1)),
    'p99 ms': Number(percentile(latencies, 0.99).toFixed(1)),
  };
}

function formatTable(rows: readonly Record<string, string | number>[]): string {
  const lines = rows.map((row) => `| ${Object.values(row).join(' | ')} |`);
  const names = Object.keys(rows[0] ?? {});
  return [`| ${names.join(' | ')} |`, `|${names.map(() => '---').join('|')}|`, ...lines].join('\n');
}

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const server = await startPostgres();
  cleanup.defer(async () => server.stop());
  const passwords = { ownerPassword: 'bench', appPassword: 'bench' };
  const prepared = await prepareDatabase({ adminUrl: server.url, name: 'bench', ...passwords });
  await migrate({ ...prepared, migrations: { '0001-ledger': ledgerMigration } });
  const database = createDatabase<LedgerTables>({ url: prepared.appUrl });
  cleanup.defer(async () => database.destroy());
  const plain = new TransactionPerGift(prepared.ownerUrl, POOL_CONNECTIONS);
  cleanup.defer(async () => plain.end());
  const committer = createCommitter({ url: prepared.appUrl });
  cleanup.defer(async () => committer.drain());
  const books = Array.from({ length: SPREAD_BOOKS }, (_, index) => `book_${index}`);
  for (const book of books) await openBook(database.db, { book, currency: 'CNY', maxAmount: 1_000n });

  await plain.prepare(books);

  const ways: Record<string, Post> = {
    'transaction per gift': async (input) => plain.post(input),
    'group commit': async (input) => committer.post(input),
  };
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const set of [books.slice(0, 1), books]) {
      for (const callers of [64, 256]) {
        for (const [name, post] of Object.entries(ways)) {
          const key = JSON.stringify([name, callers, set.length]);
          const sample = await measure(post, callers, set);
          samples.set(key, [...(samples.get(key) ?? []), sample]);
        }
      }
    }
  }
  const table = Array.from(samples, ([key, of]) => {
    const [name, callers, count] = JSON.parse(key) as [string, number, number];
    return report(name, callers, count, of);
  });
  const findings = await audit(database.db);
  process.stdout.write(`audit: ${findings.length === 0 ? 'no difference' : inspect(findings)}\n`);
  process.stdout.write(`${formatTable(table)}\n`);
}

await main();
