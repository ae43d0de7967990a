import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import type { Database } from '@banyan/kit/database';
import pg from 'pg';
import { createCommitter, ledgerMigration, openBook } from '../src/ledger.ts';
import type { Committer, LedgerTables } from '../src/ledger.ts';

const PASSWORDS = { ownerPassword: 'bench', appPassword: 'bench' };

/** A ledger on a server of its own, with open books. */
export interface BenchLedger extends AsyncDisposable {
  readonly ownerUrl: string;
  readonly books: readonly string[];
  readonly database: Database<LedgerTables>;
  readonly committer: Committer;
  /** Bytes that the server has put into its write-ahead log since it was made. */
  readonly readWalBytes: () => Promise<number>;
  /** Numbers of the server processes that the committer's lanes talk to. */
  readonly lanePids: () => Promise<number[]>;
}

/** Prepares a ledger on the server that the superuser's URL names. */
export async function prepareLedger(adminUrl: string, bookCount: number): Promise<BenchLedger> {
  await using made = new AsyncDisposableStack();
  const prepared = await prepareDatabase({ adminUrl, name: 'bench', ...PASSWORDS });
  await migrate({ ...prepared, migrations: { '0001-ledger': ledgerMigration } });
  const database = createDatabase<LedgerTables>({ url: prepared.appUrl });
  made.defer(async () => database.destroy());
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  made.defer(async () => admin.end());
  const committer = createCommitter({ url: prepared.appUrl });
  made.defer(async () => committer.drain());
  const books = Array.from({ length: bookCount }, (_, index) => `book_${index}`);
  await Promise.all(
    books.map(async (book) => openBook(database.db, { book, currency: 'CNY', maxAmount: 1_000n })),
  );
  const cleanup = made.move();
  return {
    ownerUrl: prepared.ownerUrl,
    books,
    database,
    committer,
    async readWalBytes() {
      const { rows } = await admin.query<{ bytes: string }>(
        `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
      );
      return Number(rows[0]?.bytes);
    },
    async lanePids() {
      const { rows } = await admin.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'ledger'`,
      );
      return rows.map((each) => each.pid);
    },
    [Symbol.asyncDispose]: async () => cleanup.disposeAsync(),
  };
}
