import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { createDatabase } from '../database/create-database.ts';
import { migrate, type Migrations } from '../database/migrate.ts';
import { readConfig } from '../service/config.ts';
import { createLogger } from '../service/logger.ts';

const ownerSettings = z.object({ DATABASE_OWNER_URL: z.url(), LOG_LEVEL: z.string().default('info') });

/** The whole of a subgraph's `migrate.ts`: brings the database of `DATABASE_OWNER_URL` up to date. */
export async function runMigrations(name: string, migrations: Migrations): Promise<void> {
  const config = readConfig(ownerSettings, process.env);
  const log = createLogger({ service: name, level: config.LOG_LEVEL });
  await migrate({ ownerUrl: config.DATABASE_OWNER_URL, appRole: `${name}_app`, migrations, log });
}

const seedSettings = ownerSettings.extend({ SEED_DAY: z.iso.date().optional() });

/**
 * Until the server looks by itself, it would plan for empty tables. By name: of the server's own tables, which a bare
 * `analyze` takes as well, it would warn one by one.
 */
async function analyzeOwnTables<Database>(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ schema: string; name: string }>`
    select schemaname as schema, tablename as name from pg_tables where tableowner = current_user`.execute(
    db,
  );
  if (rows.length > 0)
    await sql`analyze ${sql.join(rows.map(({ schema, name }) => sql.id(schema, name)))}`.execute(db);
}

/**
 * The whole of a subgraph's `seed.ts`: loads its part of the seed data as the owner, in one go. The seed gets `SEED_DAY`
 * (YYYY-MM-DD, undefined for today), to which all subgraphs' data are relative.
 */
export async function runSeed<Database>(
  name: string,
  seed: (db: Kysely<Database>, day: string | undefined) => Promise<void>,
): Promise<void> {
  const config = readConfig(seedSettings, process.env);
  const log = createLogger({ service: name, level: config.LOG_LEVEL });
  const database = createDatabase<Database>({
    url: config.DATABASE_OWNER_URL,
    maxConnections: 2,
    statementTimeoutMs: 60_000,
  });
  const startedAt = performance.now();
  try {
    await seed(database.db, config.SEED_DAY);
    await analyzeOwnTables(database.db);
  } finally {
    await database.destroy();
  }
  log.info({ ms: Math.round(performance.now() - startedAt) }, 'seeded');
}
