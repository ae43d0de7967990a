import { readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findFreeBase } from '../src/ports.ts';
import { findRunningSystem, startSystem } from '../src/system.ts';
import type { LocalProblem, System } from '../src/system.ts';
import { brokenProgram, tinyPrograms } from './fixtures/programs.ts';
import { ask, isRunning, pidsOf, startTinySystem, temporaryFolder } from './tiny-system.ts';

const patience = { timeout: 20_000, interval: 20 };

async function failureOf(start: Promise<unknown>): Promise<LocalProblem> {
  const error = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as LocalProblem;
}

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

describe('what dies', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      basePort: 0,
      fsync: false,
      programs: tinyPrograms,
      environment: process.env,
    });
  });
  afterAll(async () => system.stop());

  test.each(['gateway', 'notes', 'sandbox', 'postgres', 'redis'])('is started again: %s', async (name) => {
    const before = system.pid(name);
    if (before === undefined) return; // a machine without Redis
    await addNote(system.databases['notes'], `before the end of ${name}`);
    process.kill(before, 'SIGKILL');
    await vi.waitFor(() => {
      expect(system.pid(name)).toBeDefined();
      expect(system.pid(name)).not.toBe(before);
    }, patience);
    await system.ready();
    const { notes } = await vi.waitFor(async () => ask(system, 'notes'), patience);
    expect(notes).toContain(`before the end of ${name}`);
    expect(system.restarts(name)).toBe(1);
  });
});

describe('a stop', () => {
  test('leaves nothing running, ends the gateway first and PostgreSQL last', async () => {
    const dataDir = temporaryFolder();
    const told: string[] = [];
    const system = await startTinySystem({
      dataDir,
      log: (source, line) => {
        if (line === 'told to stop' || line.includes('database system is shut down')) told.push(source);
      },
    });
    const pids = pidsOf(system);
    expect(pids.length).toBeGreaterThanOrEqual(4);
    await system.stop();
    expect(pids.filter(isRunning)).toEqual([]);
    expect(told).toEqual(['gateway', 'notes', 'sandbox', 'postgres']);
    expect(await findRunningSystem(dataDir)).toBeUndefined();
  });

  test('in the middle of a start ends what was started', async () => {
    const dataDir = temporaryFolder();
    const stopped = new AbortController();
    const seen = new Set<number>();
    const start = startSystem({
      dataDir,
      basePort: 0,
      fsync: false,
      programs: tinyPrograms,
      signal: stopped.signal,
      log: (source) => {
        if (source !== 'notes') return;
        for (const { pid } of processesIn(dataDir)) seen.add(pid);
        stopped.abort(new Error('Ctrl-C'));
      },
    });
    expect((await failureOf(start)).message).toBe('Ctrl-C');
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen].filter(isRunning)).toEqual([]);
  });
});

describe('a problem is one line with advice', () => {
  test('a busy port: which one, who has it, what to do', async () => {
    const base = await findFreeBase([0, 101, 379, 432, 900]);
    const squatter = createServer().listen(base + 101, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    await vi.waitFor(() => {
      expect((squatter.address() as AddressInfo | null)?.port).toBe(base + 101);
    });
    const problem = await failureOf(startTinySystem({ basePort: base }));
    expect(problem.message).toMatch(new RegExp(`^Port ${base + 101} \\(notes\\) is taken by .+`));
    if (process.platform === 'linux') expect(problem.message).toContain(`(process ${process.pid})`);
    expect(problem.advice).toContain('--port');
  });

  test('a base port that cannot be', async () => {
    const problem = await failureOf(startTinySystem({ basePort: 65_000 }));
    expect(problem.message).toBe('65000 cannot be the base port.');
  });

  test('a program that does not come up: its last lines, and nothing is left', async () => {
    const dataDir = temporaryFolder();
    const problem = await failureOf(startTinySystem({ dataDir, programs: [...tinyPrograms, brokenProgram] }));
    expect(problem.message).toContain('broken did not start (code 2)');
    expect(problem.message).toContain('COLOUR: expected green');
    expect(await findRunningSystem(dataDir)).toBeUndefined();
  });

  test('secrets that do not belong to the data', async () => {
    const dataDir = temporaryFolder();
    await (await startTinySystem({ dataDir })).stop();
    rmSync(join(dataDir, 'secrets.json'));
    const problem = await failureOf(startTinySystem({ dataDir }));
    expect(problem.advice).toContain('--fresh');
  });
});

async function addNote(url: string | undefined, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('insert into notes values ($1)', [text]);
  await client.end();
}

function processesIn(dataDir: string): { pid: number }[] {
  const state = JSON.parse(readFileSync(join(dataDir, 'system.json'), 'utf8')) as {
    processes: { pid: number }[];
  };
  return state.processes;
}
