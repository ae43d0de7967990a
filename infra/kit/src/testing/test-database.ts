import { createHash, randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { migrate } from '../database/migrate.ts';
import type { Migrations } from '../database/migrate.ts';
import {
  prepareDatabase,
  restrictDatabase,
  withAdvisoryLock,
  withClient,
  withCredentials,
  withDatabase,
} from '../database/prepare-database.ts';
import './provided-context.ts';

/** What the database of a test holds. */
export interface TestDatabaseOptions {
  /** Name of the service, a few lowercase letters. */
  readonly name: string;
  /** None: an empty schema. */
  readonly migrations?: Migrations;
  /** Runs once as the owner after the migrations and is part of every copy; needs `seedName` when it differs between files. */
  readonly seed?: (ownerUrl: string) => Promise<void>;
  readonly seedName?: string;
}

/** A database of one test file alone. */
export interface TestDatabase {
  /** URL of the app role, as the service uses it. */
  readonly url: string;
  /** URL of the owner role, for what the app role may not do. */
  readonly ownerUrl: string;
  readonly appRole: string;
  /** Cuts all connections and removes the database; for `afterAll`. */
  drop(): Promise<void>;
}

const PASSWORD = 'test';

/**
 * A fresh database with the schema of the migrations: a copy of a template that is migrated once per run, so that a test
 * file pays for a copy (some 50 ms), not for migrations.
 */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const adminUrl = inject('banyanPostgresUrl');
  const template = templateName(options);
  const name = `${template}_${randomBytes(4).toString('hex')}`;
  const [ownerRole, appRole] = [`${template}_owner`, `${template}_app`];
  await withClient(adminUrl, async (admin) => {
    await withAdvisoryLock(admin, template, async () => {
      const { rowCount } = await admin.query('select from pg_database where datname = $1 and datistemplate', [
        template,
      ]);
      if (rowCount !== 0) return;
      await buildTemplate(template, options);
      await admin.query(`alter database ${template} is_template true`);
    });
    await admin.query(`create database ${name} owner ${ownerRole} template ${template}`);
    await restrictDatabase(admin, name, ownerRole, appRole);
  });
  const url = withDatabase(adminUrl, name);
  return {
    url: withCredentials(url, appRole, PASSWORD),
    ownerUrl: withCredentials(url, ownerRole, PASSWORD),
    appRole,
    drop: async () => {
      await withClient(adminUrl, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      });
    },
  };
}

async function buildTemplate(template: string, options: TestDatabaseOptions): Promise<void> {
  const prepared = await prepareDatabase({
    adminUrl: inject('banyanPostgresUrl'),
    name: template,
    ownerPassword: PASSWORD,
    appPassword: PASSWORD,
  });
  const { ownerUrl, appRole } = prepared;
  if (options.migrations) await migrate({ ownerUrl, appRole, migrations: options.migrations });
  await options.seed?.(ownerUrl);
}

function templateName(options: TestDatabaseOptions): string {
  if (!/^[a-z]{1,20}$/.test(options.name))
    throw new Error('the name of a test database is 1 to 20 letters a-z');
  const content = Object.entries(options.migrations ?? {}).map(([name, { up }]) => `${name} ${String(up)}`);
  content.push(String(options.seed), options.seedName ?? '');
  const hash = createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 8);
  return `t_${inject('banyanRunId')}_${options.name}_${hash}`;
}
