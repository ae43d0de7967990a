import { createDatabase, migrate, prepareDatabase } from '@banyan/kit/database';
import { startPostgresPair } from '@banyan/kit/embedded';
import type { PostgresPair } from '@banyan/kit/embedded';
import { startSwitchingProxy } from '@banyan/kit/proxy';
import pg from 'pg';
import { createCommitter, ledgerMigration, openBook } from '../../src/ledger.ts';
import type { Committer, LedgerTables } from '../../src/ledger.ts';
import { unique } from './test-ledger.ts';

/** A ledger on a primary with a synchronous standby, and a committer that finds whichever is the primary. */
export interface LedgerPair extends AsyncDisposable {
  readonly servers: PostgresPair;
  readonly committer: Committer;
  readonly book: string;
  /** Asks the database of the ledger on one of the servers, as its superuser. */
  ask<Row extends pg.QueryResultRow>(server: 'primary' | 'standby', text: string): Promise<Row[]>;
  /** Ends the primary as a power cut would, without a checkpoint or a word to the standby. */
  killPrimary(): Promise<void>;
  /** Leads the committer to the standby, which takes writes once it is promoted. */
  leadToStandby(): void;
}

const PASSWORDS = { ownerPassword: 'test', appPassword: 'test' };
const NAME = 'ledger';

/** Starts the pair with one open book. */
export async function startLedgerPair(): Promise<LedgerPair> {
  await using made = new AsyncDisposableStack();
  const servers = made.use(await startPostgresPair());
  const adminUrl = servers.primary.url;
  const prepared = await prepareDatabase({ adminUrl, name: NAME, ...PASSWORDS });
  await migrate({ ...prepared, migrations: { '0001-ledger': ledgerMigration } });
  const book = unique('book');
  const database = createDatabase<LedgerTables>({ url: prepared.appUrl });
  await openBook(database.db, { book, currency: 'CNY', maxAmount: 1_000n });
  await database.destroy();
  const proxy = made.use(await startSwitchingProxy(prepared.appUrl));
  const committer = createCommitter({
    url: proxy.url,
    maxPauseMs: 20,
    maxAttempts: 10_000,
    deadlineMs: 50_000,
  });
  made.defer(async () => committer.drain({ timeoutMs: 0 }));
  const cleanup = made.move();
  return {
    servers,
    committer,
    book,
    async ask<Row extends pg.QueryResultRow>(server: 'primary' | 'standby', text: string) {
      const url = new URL(servers[server].url);
      url.pathname = `/${NAME}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        return (await client.query<Row>(text)).rows;
      } finally {
        await client.end();
      }
    },
    async killPrimary() {
      process.kill(servers.primary.pid, 'SIGQUIT');
      await servers.primary.exited;
    },
    leadToStandby() {
      proxy.switchTo(servers.standby.url);
    },
    [Symbol.asyncDispose]: async () => cleanup.disposeAsync(),
  };
}
