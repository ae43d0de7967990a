import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedError, removePostgresData, startPostgres, startRedis } from '../src/embedded/embedded.ts';
import type { EmbeddedErrorCode, PostgresServer } from '../src/embedded/embedded.ts';

let folder: string;
let servers: PostgresServer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-embedded-'));
  await chmod(folder, 0o755);
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map(async (server) => server.stop()));
  await removePostgresData(join(folder, 'pg'));
  await rm(folder, { recursive: true, force: true });
});

async function start(port = 0): Promise<PostgresServer> {
  const options = { dataDir: join(folder, 'pg'), port, fsync: false, predecessorTimeoutMs: 1_000 };
  const server = await startPostgres(options);
  servers.push(server);
  return server;
}

async function query(server: PostgresServer, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function expectRefusal(attempt: Promise<unknown>, code: EmbeddedErrorCode): Promise<void> {
  const error = await attempt.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EmbeddedError);
  if (!(error instanceof EmbeddedError)) return;
  expect(error.code).toBe(code);
  expect(error.message).not.toContain('\n');
  expect(error.advice).not.toBe('');
}

describe('an embedded PostgreSQL', () => {
  test('keeps its data between runs, tells Chinese letters apart and leaves nothing running', async () => {
    const first = await start();
    await query(first, 'create extension pg_trgm');
    await query(first, "create table kept as select similarity('社区募捐', '社区募捐活动') > 0 as similar");
    await first.stop();
    expect(isGone(first.pid)).toBe(true);
    const second = await start();
    expect(await query(second, 'select * from kept')).toEqual([{ similar: true }]);
  });

  test('that is killed says so and starts again on its port with what was committed', async () => {
    const first = await start();
    await query(first, 'create table kept as select 1 as one');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toMatchObject({ signal: 'SIGKILL' });
    const second = await start(first.port);
    expect(second.port).toBe(first.port);
    expect(await query(second, 'select * from kept')).toEqual([{ one: 1 }]);
  });

  test('cuts open connections when it stops', async () => {
    const server = await start();
    const client = new pg.Client({ connectionString: server.url });
    const cut = new Promise((resolve) => {
      client.on('error', resolve);
    });
    await client.connect();
    await server.stop();
    await cut;
    await server.stop();
  });

  test('takes a lock file of a dead server for what it is', async () => {
    await (await start()).stop();
    const lock = (pid: number) => `${pid}\n${join(folder, 'pg')}\n1700000000\n5432\n\n127.0.0.1\n`;
    for (const pid of [4_194_303, process.pid]) {
      await writeFile(join(folder, 'pg', 'postmaster.pid'), lock(pid));
      await (await start()).stop();
    }
  });

  test('says in one line why it cannot start', async () => {
    const running = await start();
    await expectRefusal(start(running.port), 'DATA_IN_USE');
    await expectRefusal(startPostgres({ dataDir: join(folder, 'other'), port: running.port }), 'PORT_BUSY');
    await running.stop();

    await writeFile(join(folder, 'pg', 'PG_VERSION'), '15\n');
    await expectRefusal(start(), 'VERSION_MISMATCH');

    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'photos', 'cat.jpg'), 'miaow');
    await expectRefusal(startPostgres({ dataDir: join(folder, 'photos') }), 'DATA_NOT_OURS');
    expect(await readdir(join(folder, 'photos'))).toEqual(['cat.jpg']);
  });

  test('without a data folder removes its data when it stops', async () => {
    const server = await startPostgres({ fsync: false });
    expect(await readFile(join(server.dataDir, 'PG_VERSION'), 'utf8')).toBe('18\n');
    await server.stop();
    await expect(readdir(server.dataDir)).rejects.toThrow(/ENOENT/);
  });

  test.runIf(process.getuid?.() === 0)(
    'works for root below a folder that nobody else may enter',
    async () => {
      await chmod(folder, 0o700);
      const first = await start();
      await query(first, 'create table kept as select 1 as one');
      await first.stop();
      const second = await start();
      expect(await query(second, 'select * from kept')).toEqual([{ one: 1 }]);
      await second.stop();
      await removePostgresData(join(folder, 'pg'));
      await expect(readdir(second.dataDir)).rejects.toThrow(/ENOENT/);
    },
  );

  test('ends when the program that started it is killed', async () => {
    const face = new URL('../src/embedded/embedded.ts', import.meta.url).href;
    const program = `
      const { startPostgres } = await import(${JSON.stringify(face)});
      const server = await startPostgres({ fsync: false });
      console.log(JSON.stringify([server.pid, server.dataDir]));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await new Promise<string>((resolve) => {
      createInterface({ input: parent.stdout }).once('line', resolve);
    });
    const [pid, dataDir] = JSON.parse(line) as [number, string];
    expect(isGone(pid)).toBe(false);
    parent.kill('SIGKILL');
    // Without a file of process state there is no telling a zombie from a live process, so ask for its files.
    await expect.poll(async () => readdir(dataDir).catch(() => 'gone'), { timeout: 10_000 }).toBe('gone');
  });
});

describe('an embedded Redis', () => {
  test('starts on a free port and leaves nothing running', async () => {
    const redis = await startRedis();
    if (redis.kind === 'missing') return;
    await expectRefusal(startRedis({ port: redis.port }), 'PORT_BUSY');
    await redis.stop();
    expect(isGone(redis.pid)).toBe(true);
  });

  test('that the machine does not have is a message, not a failure', async () => {
    expect(await startRedis({ command: 'redis-server-that-is-not-there' })).toMatchObject({
      kind: 'missing',
      advice: expect.stringContaining('redis') as unknown,
    });
  });
});
