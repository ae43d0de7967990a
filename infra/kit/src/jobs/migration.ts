import { runMigrations } from 'graphile-worker';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { appRoleOf } from '../database/migrate.ts';
import type { Migration, MigrationContext } from '../database/migrate.ts';
import { quietLogger } from './worker-logger.ts';

async function up(db: Kysely<unknown>, context: MigrationContext): Promise<void> {
  // graphile-worker migrates over its own connection; what it does is there already when this step is run again.
  await runMigrations({ connectionString: context.ownerUrl, logger: quietLogger });
  const role = sql.id(await appRoleOf(db));
  await sql`grant usage on schema graphile_worker to ${role}`.execute(db);
  await sql`grant select on all tables in schema graphile_worker to ${role}`.execute(db);
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = 'graphile_worker' and starts_with(tablename, '_private_')`.execute(db);
  for (const { name } of rows) {
    const table = sql.table(`graphile_worker.${name}`);
    await sql`grant insert, update, delete on ${table} to ${role}`.execute(db);
    // The tables come with row level security and no policy, which shuts out everybody but their owner.
    await sql`alter table ${table} disable row level security`.execute(db);
  }
  await sql`grant usage, select on all sequences in schema graphile_worker to ${role}`.execute(db);
}

/**
 * Makes graphile-worker's schema and lets the app role work with it, without DDL. A later version of graphile-worker with
 * migrations of its own needs this step once more under a new name.
 */
export const jobsMigration: Migration = { up };
