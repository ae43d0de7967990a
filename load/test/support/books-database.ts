import { prepareDatabase } from '@banyan/kit/database';
import { startPostgres } from '@banyan/kit/embedded';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll } from 'vitest';

const migrateProgram = join(import.meta.dirname, '../../../subgraphs/campaigns/src/migrate.ts');

/** The books of campaigns, made by the real migrations on a PostgreSQL of their own. */
export interface BooksDatabase {
  /** Of the owner, as the auditor uses it. */
  readonly url: string;
  /** Runs SQL past all triggers and constraints of foreign keys, as no role of the product can. */
  tamper(sql: string, values?: readonly unknown[]): Promise<void>;
  /** Closes or opens a book as the product does; gives the version that this has made. */
  setStatus(book: string, status: 'OPEN' | 'CLOSED'): Promise<{ version: bigint }>;
}

/** Starts them at the top of a test file, for all its tests; stopped after the last. */
export async function startBooksDatabase(): Promise<BooksDatabase> {
  const postgres = await startPostgres({ fsync: false });
  afterAll(() => postgres.stop());
  const { ownerUrl } = await prepareDatabase({
    adminUrl: postgres.url,
    name: 'campaigns',
    ownerPassword: 'test',
    appPassword: 'test',
  });
  await promisify(execFile)(process.execPath, [migrateProgram], {
    env: { DATABASE_OWNER_URL: ownerUrl, LOG_LEVEL: 'warn' },
  });
  const tamperUrl = new URL(postgres.url);
  tamperUrl.pathname = '/campaigns';
  return {
    url: ownerUrl,
    async tamper(sql, values = []) {
      const client = new pg.Client({ connectionString: tamperUrl.href });
      await client.connect();
      await client.query('set session_replication_role = replica');
      await client.query(sql, [...values]);
      await client.end();
    },
    async setStatus(book, status) {
      const client = new pg.Client({ connectionString: ownerUrl });
      await client.connect();
      const { rows } = await client.query<{ version: string }>(
        'select version from ledger.set_status($1, $2)',
        [book, status],
      );
      await client.end();
      return { version: BigInt(rows[0]?.version ?? 0) };
    },
  };
}
