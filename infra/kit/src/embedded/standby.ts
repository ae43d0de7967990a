import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { LOOPBACK } from './port.ts';
import { removePostgresData } from './postgres-data.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';

/** A primary and its standby, each a server of its own. */
export interface PostgresPair extends AsyncDisposable {
  /** Acknowledges a commit when the standby has it on its disk, too. */
  readonly primary: PostgresServer;
  /** Takes connections that only read, until it is promoted. */
  readonly standby: PostgresServer;
  /** Makes the standby a primary that waits for no other; settles when it takes writes. */
  promote(): Promise<void>;
}

const run = promisify(execFile);
const PASSWORD = 'postgres';

/**
 * Starts an embedded PostgreSQL with a synchronous standby (`synchronous_standby_names = 'ANY 1 (*)'`), both with fsync,
 * in temporary folders. The standby begins as a copy of the primary's stopped data folder: pg_basebackup is not among the
 * embedded programs (PostgreSQL 18 manual, 26.2.2 "Setting Up a Standby Server"). `onLog` receives every line that they print.
 * Throws `EmbeddedError`.
 */
export async function startPostgresPair({
  onLog,
}: { readonly onLog?: (server: 'primary' | 'standby', line: string) => void } = {}): Promise<PostgresPair> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'banyan-pair-'));
  made.defer(async () => rm(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'primary');
  made.defer(async () => removePostgresData(dataDir));
  const first = await startPostgres({ dataDir, password: PASSWORD });
  await first.stop();

  // `cp -a` keeps the owner of every file, without whom the server does not start.
  const standbyDir = `${first.dataDir}-standby`;
  made.defer(async () => removePostgresData(standbyDir));
  await run('cp', ['-a', first.dataDir, standbyDir]);
  await writeFile(join(standbyDir, 'standby.signal'), '');

  const primary = await startPostgres({
    dataDir,
    isTemporary: true,
    password: PASSWORD,
    onLog: (line) => onLog?.('primary', line),
    settings: { synchronous_standby_names: 'ANY 1 (*)', synchronous_commit: 'on' },
  });
  made.defer(async () => primary.stop());
  const standby = await startPostgres({
    dataDir: standbyDir,
    isTemporary: true,
    password: PASSWORD,
    onLog: (line) => onLog?.('standby', line),
    settings: {
      primary_conninfo: `host=${LOOPBACK} port=${primary.port} user=postgres password=${PASSWORD}`,
    },
  });
  made.defer(async () => standby.stop());
  const cleanup = made.move();
  return {
    primary,
    standby,
    promote: async () => promote(standby.url),
    [Symbol.asyncDispose]: async () => cleanup.disposeAsync(),
  };
}

async function promote(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A connection that breaks between two answers would end the process by this event.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ done: boolean }>('select pg_promote() as done');
    if (rows[0]?.done !== true) throw new Error('the standby was not promoted in time');
  } finally {
    await client.end();
  }
}
