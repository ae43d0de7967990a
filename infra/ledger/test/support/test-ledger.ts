import { createDatabase } from '@banyan/kit/database';
import type { Database } from '@banyan/kit/database';
import { createTestDatabase } from '@banyan/kit/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { createCommitter, hashInput, ledgerMigration, openBook } from '../../src/ledger.ts';
import type { Committer, CommitterOptions, LedgerTables, Transfer, TransferInput } from '../../src/ledger.ts';

const noHook = 'begin end';

/** A ledger of one test file alone, and the hands to hold it still. */
export interface TestLedger {
  readonly url: string;
  readonly database: Database<LedgerTables>;
  /** The owner: may lock rows and install hooks. */
  readonly owner: pg.Client;
  /** A committer of a process of its own; drained in the end. */
  committer(options?: Partial<CommitterOptions>): Committer;
  /** A connection of the app role; closed in the end. */
  session(): Promise<pg.Client>;
  /** A connection of the owner; closed in the end. */
  ownerSession(): Promise<pg.Client>;
  /** A new open book. */
  newBook(maxAmount?: bigint): Promise<string>;
  /** Holds the lock of a book as another process would, until it is let go. */
  holdBook(book: string): Promise<() => Promise<void>>;
  /** Replaces `ledger.after_post`; without a body, by the one that does nothing. */
  installHook(body?: string): Promise<void>;
  /** Settles when so many calls of committers wait for a lock. */
  untilBlocked(calls: number): Promise<void>;
  /** What the book's transfers are, in the order they were counted. */
  factsOf(book: string): Promise<Pick<Transfer, 'id' | 'payer' | 'key' | 'kind' | 'amount'>[]>;
  stop(): Promise<void>;
}

let serial = 0;

/** A name that no other of this run has. */
export function unique(prefix: string): string {
  serial += 1;
  return `${prefix}_${process.pid}_${serial}`;
}

/** A transfer of 100 fen of its own payer and key, unless it is said otherwise. */
export function gift(book: string, changes: Partial<TransferInput> = {}): TransferInput {
  const amount = changes.amount ?? 100n;
  const currency = changes.currency ?? 'CNY';
  return {
    book,
    id: unique('trf'),
    payer: unique('payer'),
    key: 'key',
    amount,
    currency,
    inputHash: hashInput({ amount, currency }),
    ...changes,
  };
}

/** Posts on a connection of the test's own, in its transaction if it has one. */
export async function postOn(
  client: pg.Client,
  ...inputs: TransferInput[]
): Promise<{ outcome: string; id: string | null; credited: string | null; version: string | null }[]> {
  const { rows } = await client.query<{
    outcome: string;
    id: string | null;
    credited: string | null;
    version: string | null;
  }>(
    `select outcome, id, credited, version from ledger.post_batch
       ($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::jsonb[])`,
    [
      inputs.map((each) => each.book),
      inputs.map((each) => each.id),
      inputs.map((each) => each.payer),
      inputs.map((each) => each.key),
      inputs.map((each) => each.inputHash),
      inputs.map((each) => String(each.amount)),
      inputs.map((each) => each.currency),
      inputs.map((each) => JSON.stringify(each.details ?? {})),
    ],
  );
  return rows;
}

/** Starts a ledger in a database of its own. */
export async function startLedger(): Promise<TestLedger> {
  const testDatabase = await createTestDatabase({
    name: 'ledger',
    migrations: { '0001-ledger': ledgerMigration },
  });
  const database = createDatabase<LedgerTables>({ url: testDatabase.url });
  const clients: pg.Client[] = [];
  const committers: Committer[] = [];
  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    // A test may cut the connection, or the database may be gone before it.
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  const owner = await connect(testDatabase.ownerUrl);
  return {
    url: testDatabase.url,
    database,
    owner,
    committer(options) {
      const committer = createCommitter({ url: testDatabase.url, maxPauseMs: 5, ...options });
      committers.push(committer);
      return committer;
    },
    session: async () => connect(testDatabase.url),
    ownerSession: async () => connect(testDatabase.ownerUrl),
    async newBook(maxAmount = 1_000_000n) {
      const book = unique('book');
      await openBook(database.db, { book, currency: 'CNY', maxAmount });
      return book;
    },
    async holdBook(book) {
      const holder = await connect(testDatabase.ownerUrl);
      await holder.query('begin');
      await holder.query('select from ledger.totals where book = $1 for update', [book]);
      return async () => {
        await holder.query('commit');
      };
    },
    async installHook(body = noHook) {
      await owner.query(
        `create or replace function ledger.after_post(posted ledger.transfers[]) returns void language plpgsql as $hook$ ${body} $hook$`,
      );
    },
    async untilBlocked(calls) {
      for (;;) {
        // Asked as the app role: of others, the server shows no queries.
        const { rows } = await sql<{ blocked: bigint }>`
          select count(*) as blocked from pg_stat_activity
          where datname = current_database() and query like '%post_batch%' and wait_event_type = 'Lock'
            and pid <> pg_backend_pid()`.execute(database.db);
        if (Number(rows[0]?.blocked) >= calls) return;
      }
    },
    async factsOf(book) {
      return database.db
        .selectFrom('ledger.transfers')
        .select(['id', 'payer', 'key', 'kind', 'amount'])
        .where('book', '=', book)
        .orderBy('version')
        .orderBy('ordinal')
        .execute();
    },
    async stop() {
      await Promise.all(committers.map(async (each) => each.drain({ timeoutMs: 0 })));
      await Promise.all(clients.map(async (each) => each.end()));
      await database.destroy();
      await testDatabase.drop();
    },
  };
}
