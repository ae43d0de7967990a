import { appRoleOf } from '@banyan/kit/database';
import type { Migration } from '@banyan/kit/database';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { bookFunctions } from './books.ts';
import { guards } from './guards.ts';
import { postBatch } from './post-batch.ts';
import { tables } from './tables.ts';
import { withdraw } from './withdraw.ts';
import { writeTransfers } from './write-transfers.ts';

/** What the app role may call: everything else in the schema is for these four alone. */
const openFunctions = ['open_book', 'set_status', 'post_batch', 'withdraw'];

async function up(db: Kysely<unknown>): Promise<void> {
  const parts = [tables, guards, writeTransfers, postBatch, withdraw, bookFunctions];
  for (const statement of parts.flat()) await sql.raw(statement).execute(db);
  const appRole = sql.id(await appRoleOf(db));
  await sql`revoke all on schema ledger from public`.execute(db);
  await sql`revoke all on all functions in schema ledger from public`.execute(db);
  await sql`grant usage on schema ledger to ${appRole}`.execute(db);
  // Reading alone: facts, postings and totals change only through functions that hold the book's lock.
  await sql`grant select on all tables in schema ledger to ${appRole}`.execute(db);
  for (const name of openFunctions) {
    await sql`grant execute on function ${sql.id('ledger', name)} to ${appRole}`.execute(db);
  }
}

/**
 * Makes the schema `ledger` with its tables, functions and grants. A service puts it into its own migrations under a
 * name of its own, before the migration that installs `ledger.after_post`.
 */
export const ledgerMigration: Migration = { up };
