import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import { startPostgres } from '@banyan/kit/embedded';
import pg from 'pg';
import { audit, createCommitter, hashInput, ledgerMigration, openBook } from '../src/ledger.ts';
import type { LedgerTables, TransferInput } from '../src/ledger.ts';

/*
 * A transaction per gift against group commit, in one run, interleaved, fsync on: gifts per second and latency on one hot
 * book, and on many. A fifth of the calls are repeats. The transaction does the same work for one row: the batch function on a
 * connection of a pool of 32, which holds the book's lock until its commit.
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

const POST_ONE = `select outcome from ledger.post_batch(array[$1::text], array[$2::text], array[$3::text], array[$4::text],
  array[$5::text], array[$6::bigint], array[$7::text], array['{}'::jsonb])`;

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
  await Promise.all(Array.from({ length: callers }, call));
  return { gifts: latenciesMs.length, seconds: (performance.now() - startedAt) / 1000, latenciesMs };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}

function report(name: string, callers: number, books: number, samples: readonly Sample[]) {
  const latencies = samples.flatMap((each) => each.latenciesMs);
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

async function main(): Promise<void> {
  await using cleanup = new AsyncDisposableStack();
  const server = await startPostgres();
  cleanup.defer(async () => server.stop());
  const passwords = { ownerPassword: 'bench', appPassword: 'bench' };
  const prepared = await prepareDatabase({ adminUrl: server.url, name: 'bench', ...passwords });
  await migrate({ ...prepared, migrations: { '0001-ledger': ledgerMigration } });
  const database = createDatabase<LedgerTables>({ url: prepared.appUrl });
  cleanup.defer(async () => database.destroy());
  const pool = new pg.Pool({ connectionString: prepared.appUrl, max: POOL_CONNECTIONS });
  cleanup.defer(async () => pool.end());
  const committer = createCommitter({ url: prepared.appUrl });
  cleanup.defer(async () => committer.drain());
  const books = Array.from({ length: SPREAD_BOOKS }, (_, index) => `book_${index}`);
  for (const book of books) await openBook(database.db, { book, currency: 'CNY', maxAmount: 1_000n });

  const ways: Record<string, Post> = {
    'transaction per gift': async (input) =>
      pool.query({
        name: 'post_one',
        text: POST_ONE,
        values: [input.book, input.id, input.payer, input.key, input.inputHash, input.amount, input.currency],
      }),
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
  console.table(table);
  const findings = await audit(database.db);
  console.log(findings.length === 0 ? 'audit: no difference' : findings);
}

await main();
