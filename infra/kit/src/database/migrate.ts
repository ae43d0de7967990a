import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { Logger } from 'pino';

/** Who migrates, for a step that brings its own migrator. */
export interface MigrationContext {
  readonly ownerUrl: string;
}

/** One step of a schema; once released it never changes. */
export interface Migration {
  readonly up: (db: Kysely<unknown>, context: MigrationContext) => Promise<void>;
}

/** Steps by name; they run in the order of their names (`0001-people`, `0002-devices`, …). */
export type Migrations = Readonly<Record<string, Migration>>;

/** What to migrate. */
export interface MigrateOptions {
  /** URL of the owner role. */
  readonly ownerUrl: string;
  /** The role that the grant helpers grant to. */
  readonly appRole: string;
  readonly migrations: Migrations;
  readonly log?: Logger;
}

/**
 * Brings the schema up to date, in one transaction: all steps or none. Nothing happens when it is up to date already;
 * of several processes one works and the others wait (advisory lock). Throws the error of the step that failed.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const pool = new pg.Pool({
    connectionString: options.ownerUrl,
    max: 2,
    options: `-c banyan.app_role=${options.appRole}`,
  });
  pool.on('error', (error) => options.log?.warn({ err: error }, 'migration connection lost'));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const context = { ownerUrl: options.ownerUrl };
    const steps = Object.entries(options.migrations).map(
      ([name, step]) => [name, { up: async (trx: Kysely<unknown>) => step.up(trx, context) }] as const,
    );
    const provider = { getMigrations: async () => Object.fromEntries(steps) };
    const migrator = new Migrator({ db, provider });
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) {
      const failed = results.find((each) => each.status === 'Error');
      throw new Error(`migration ${failed?.migrationName ?? ''} failed`, { cause: error });
    }
    for (const each of results) options.log?.info({ migration: each.migrationName }, 'migrated');
  } finally {
    await db.destroy();
  }
}

/** The app role of the running migration, for a migration that grants more than the helpers below. */
export async function appRoleOf(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ role: string }>`select current_setting('banyan.app_role') as role`.execute(db);
  const role = rows[0]?.role;
  if (!role) throw new Error('grants are given inside a migration only');
  return role;
}

/** In a migration: the app role may read the table and add to it, never change or delete what is there. */
export async function grantAppendOnly(db: Kysely<unknown>, table: string): Promise<void> {
  const role = await appRoleOf(db);
  await sql`grant select, insert on table ${sql.table(table)} to ${sql.id(role)}`.execute(db);
}

/** In a migration: the app role may read, add, change and delete rows of the table. */
export async function grantReadWrite(db: Kysely<unknown>, table: string): Promise<void> {
  const role = await appRoleOf(db);
  await sql`grant select, insert, update, delete on table ${sql.table(table)} to ${sql.id(role)}`.execute(db);
}

/** In a migration: the app role may read the table. */
export async function grantReadOnly(db: Kysely<unknown>, table: string): Promise<void> {
  const role = await appRoleOf(db);
  await sql`grant select on table ${sql.table(table)} to ${sql.id(role)}`.execute(db);
}
