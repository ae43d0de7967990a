import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { withClient } from '../database/prepare-database.ts';
import { startPostgres, startRedis } from '../embedded/embedded.ts';
import './provided-context.ts';

/** Servers that a running test needs: enough connections for two workers and the services they start. */
const MAX_CONNECTIONS = 400;
const REDIS_DATABASES = 512;

interface Servers {
  readonly postgresUrl: string;
  readonly redisUrl: string | null;
  stop(): Promise<void>;
}

/**
 * vitest's globalSetup: one PostgreSQL and one Redis for the whole run, fresh and gone afterwards, or those that
 * TEST_DATABASE_URL (a superuser) and TEST_REDIS_URL name.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runId = randomBytes(4).toString('hex');
  const servers = await startServers();
  project.provide('banyanRunId', runId);
  project.provide('banyanPostgresUrl', servers.postgresUrl);
  project.provide('banyanRedisUrl', servers.redisUrl);
  return async () => {
    if (process.env['TEST_DATABASE_URL']) await dropDatabasesOf(runId, servers.postgresUrl);
    await servers.stop();
  };
}

async function startServers(): Promise<Servers> {
  // One after the other: a run that cannot begin must not leave the other server behind.
  const redis = await testRedisServer();
  const postgres = await testPostgres().catch(async (error: unknown) => {
    await redis.stop();
    throw error;
  });
  return {
    postgresUrl: postgres.url,
    redisUrl: redis.url,
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}

async function testPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) return { url, stop: async () => undefined };
  return startPostgres({ fsync: false, maxConnections: MAX_CONNECTIONS });
}

async function testRedisServer(): Promise<{ url: string | null; stop(): Promise<void> }> {
  const url = process.env['TEST_REDIS_URL'];
  if (url) return { url, stop: async () => undefined };
  const redis = await startRedis({ databases: REDIS_DATABASES });
  if (redis.kind === 'server') return redis;
  if (process.env['CI'] === 'true') throw new Error(`${redis.message} ${redis.advice}`);
  console.warn(`\n*** TESTS THAT NEED REDIS ARE SKIPPED: ${redis.message}\n*** ${redis.advice}\n`);
  return { url: null, stop: async () => undefined };
}

/** A server that outlives the run is left as it was found. */
async function dropDatabasesOf(runId: string, adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (admin) => {
    const pattern = `t\\_${runId}\\_%`;
    const databases = await admin.query<{ name: string }>(
      'select datname as name from pg_database where datname like $1',
      [pattern],
    );
    for (const { name } of databases.rows) {
      await admin.query(`alter database ${admin.escapeIdentifier(name)} is_template false`);
      await admin.query(`drop database ${admin.escapeIdentifier(name)} with (force)`);
    }
    const roles = await admin.query<{ name: string }>(
      'select rolname as name from pg_roles where rolname like $1',
      [pattern],
    );
    for (const { name } of roles.rows) await admin.query(`drop role ${admin.escapeIdentifier(name)}`);
  });
}
