import { statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { findRunningSystem, startSystem } from '../src/system.ts';
import { tinyPrograms } from './fixtures/programs.ts';
import { addNote, ask, failureOf, startTinySystem, temporaryFolder } from './tiny-system.ts';

describe('a start', () => {
  test('brings everything up, migrated and with seed data', async () => {
    const system = await startTinySystem();
    expect((await ask(system, 'notes')).notes).toEqual(['from the seed']);
    await system.ready();
  });

  test('tells the seeds one day, so that their data fit together', async () => {
    const system = await startTinySystem();
    const client = new pg.Client({ connectionString: system.databases['notes'] });
    await client.connect();
    const { rows } = await client.query('select day from seed_days');
    await client.end();
    expect(rows).toEqual([{ day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string }]);
  });

  test('gives each program its own settings and nobody the secrets of another', async () => {
    const system = await startTinySystem({ settings: { '*': { LOG_LEVEL: 'warn' }, notes: { EXTRA: '1' } } });
    const [subgraph, gateway, sandbox] = await Promise.all(
      ['notes', 'gateway', 'sandbox'].map(async (name) => (await ask(system, name)).settings),
    );
    const common = ['HOST', 'LOG_LEVEL', 'NODE_ENV', 'PORT'];
    expect(subgraph).toEqual(
      expect.arrayContaining([
        ...common,
        'ASSERTION_JWKS',
        'DATABASE_URL',
        'EXTRA',
        'HOP_KEYS',
        'PAYMENTS_SECRET',
      ]),
    );
    expect(subgraph).not.toContain('DATABASE_OWNER_URL');
    expect(subgraph).not.toContain('ASSERTION_KEY');
    expect(gateway).toEqual(
      expect.arrayContaining([...common, 'ASSERTION_KEY', 'SUBGRAPH_URLS', 'SUPERGRAPH_PATH']),
    );
    for (const secret of ['DATABASE_URL', 'PAYMENTS_SECRET', 'FIELD_KEY', 'EXTRA']) {
      expect(gateway).not.toContain(secret);
    }
    expect(sandbox).toEqual(expect.arrayContaining([...common, 'MERCHANTS']));
    expect(sandbox).not.toContain('HOP_KEYS');
  });

  test('without seed data leaves a new database empty, also the next time', async () => {
    const dataDir = temporaryFolder();
    const first = await startTinySystem({ dataDir, seed: false });
    expect((await ask(first, 'notes')).notes).toEqual([]);
    await first.stop();
    const second = await startTinySystem({ dataDir });
    expect((await ask(second, 'notes')).notes).toEqual([]);
  });

  test('on another PostgreSQL uses that one, and --fresh empties its databases', async () => {
    const host = await startTinySystem({ programs: [] });
    const { adminDatabaseUrl: databaseUrl } = host;
    const first = await startTinySystem({ databaseUrl, redisUrl: null });
    expect(first.pid('postgres')).toBeUndefined();
    await addNote(first.databases['notes'], 'kept elsewhere');
    await first.stop();
    const second = await startTinySystem({ databaseUrl, redisUrl: null, fresh: true });
    expect((await ask(second, 'notes')).notes).toEqual(['from the seed']);
  });

  test('leaves nothing of what it wrote to be recovered after a crash', async () => {
    const system = await startTinySystem();
    const client = new pg.Client({ connectionString: system.adminDatabaseUrl });
    await client.connect();
    const { rows } = await client.query<{ bytes: string }>(
      'select pg_current_wal_lsn() - redo_lsn as bytes from pg_control_checkpoint()',
    );
    await client.end();
    // Creating a database alone writes some megabytes.
    expect(Number(rows[0]?.bytes)).toBeLessThan(1_000_000);
  });

  test('tells the gateway of every process of a subgraph, and of those that take mutations alone', async () => {
    const notes = tinyPrograms.find(({ name }) => name === 'notes');
    if (notes === undefined) throw new Error('there are notes');
    const copy = { ...notes, copyOf: 'notes' };
    const system = await startTinySystem({
      programs: [
        ...tinyPrograms,
        { ...copy, name: 'notes-2', portOffset: 102 },
        { ...copy, name: 'writers-1', portOffset: 103, pool: 'mutations' },
      ],
    });
    const { urls } = await ask(system, 'gateway');
    expect(urls).toEqual({
      subgraphs: `notes=${system.urls['notes']},notes=${system.urls['notes-2']}`,
      mutations: `notes=${system.urls['writers-1']}`,
    });
    expect((await ask(system, 'writers-1')).notes).toEqual(['from the seed']);
  });

  test('without a pool for mutations names none', async () => {
    const system = await startTinySystem();
    expect((await ask(system, 'gateway')).urls).toEqual({ subgraphs: `notes=${system.urls['notes']}` });
  });

  test('works without Redis and gives nobody its address', async () => {
    const system = await startTinySystem({ redisUrl: null });
    expect(system.redisUrl).toBeUndefined();
    expect((await ask(system, 'notes')).settings).not.toContain('REDIS_URL');
  });
});

describe('a second start', () => {
  test('keeps the data and the secrets, and loads no seed twice', async () => {
    const dataDir = temporaryFolder();
    const first = await startTinySystem({ dataDir });
    await addNote(first.databases['notes'], 'kept');
    const { secrets } = first;
    await first.stop();
    const second = await startTinySystem({ dataDir });
    expect((await ask(second, 'notes')).notes).toEqual(['from the seed', 'kept']);
    expect(second.secrets).toEqual(secrets);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('after an end in the middle of the seed loads it from the beginning, once', async () => {
    const dataDir = temporaryFolder();
    const settings = { notes: { SEED_FAILS: 'yes' } };
    const problem = await failureOf(startTinySystem({ dataDir, settings }));
    expect(problem.message).toContain('notes did not start (code 3)');
    const second = await startTinySystem({ dataDir });
    expect((await ask(second, 'notes')).notes).toEqual(['from the seed']);
  });

  test('with --fresh begins anew', async () => {
    const dataDir = temporaryFolder();
    const first = await startTinySystem({ dataDir });
    await addNote(first.databases['notes'], 'thrown away');
    await first.stop();
    const second = await startTinySystem({ dataDir, fresh: true });
    expect((await ask(second, 'notes')).notes).toEqual(['from the seed']);
  });

  test('while the first one runs says so and touches nothing', async () => {
    const dataDir = temporaryFolder();
    const first = await startTinySystem({ dataDir });
    const problem = await failureOf(startSystem({ dataDir, basePort: 0, programs: tinyPrograms }));
    expect(problem.message).toContain(`already runs on ${dataDir} (process ${process.pid})`);
    expect((await findRunningSystem(dataDir))?.urls).toEqual(first.urls);
    await first.ready();
  });
});
