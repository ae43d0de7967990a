import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { postgresAccount } from './account.ts';
import type { Account } from './account.ts';
import { EmbeddedError } from './embedded-error.ts';
import { LOOPBACK, assertPortIsFree, findFreePort, portBusy } from './port.ts';
import { locatePostgres } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { explainFailure, makeEphemeralFolder, placeDataFolder, prepareCluster } from './postgres-data.ts';
import { startServerProcess } from './server-process.ts';
import type { ProcessExit, ServerProcess } from './server-process.ts';

/** What to start. */
export interface PostgresOptions {
  /** The folder of the data, made when missing; without it the data live in a temporary folder until `stop`. */
  readonly dataDir?: string;
  /** Removes the data with `stop` and when this program dies, although `dataDir` names them. Default false. */
  readonly isTemporary?: boolean;
  /** 0 (the default) takes any free port. */
  readonly port?: number;
  /** False gives up what a power cut would take (a killed server still loses nothing); for tests only. Default true. */
  readonly fsync?: boolean;
  /** Password of the superuser `postgres`, fixed when the data folder is made. */
  readonly password?: string;
  readonly maxConnections?: number;
  /** How long to wait for an earlier server on the same data to leave. Default 10,000. */
  readonly predecessorTimeoutMs?: number;
  /** Further server settings by name, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives every line that the server prints. */
  readonly onLog?: (line: string) => void;
}

/** A running PostgreSQL that accepts connections. */
export interface PostgresServer {
  /** Connection URL of the superuser, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The folder that really holds the data. */
  readonly dataDir: string;
  /** Settles when the server process is gone, by `stop` or by itself; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the server (open connections are cut) and settles when it is gone; may be called more than once. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const PREDECESSOR_TIMEOUT_MS = 10_000;
const MAX_PORT_ATTEMPTS = 5;

/**
 * Starts an embedded PostgreSQL on 127.0.0.1 and settles when it accepts connections. After a crash, call it again
 * with the same folder and port: it waits for the remains of the predecessor to leave, and recovers.
 * Throws `EmbeddedError`.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const account = await postgresAccount();
  const binaries = await locatePostgres(account);
  const isEphemeral = isEphemeralWith(options);
  const folder =
    options.dataDir === undefined
      ? await makeEphemeralFolder(account)
      : await placeDataFolder(options.dataDir, account);
  const password = options.password ?? 'postgres';
  try {
    await prepareCluster(folder, binaries, account, password);
    await waitForPredecessor(folder, options.predecessorTimeoutMs ?? PREDECESSOR_TIMEOUT_MS);
    const { server, port } = await startOnSomePort(options, folder, binaries, account);
    return {
      url: `postgres://postgres:${encodeURIComponent(password)}@${LOOPBACK}:${port}/postgres`,
      port,
      pid: server.pid,
      dataDir: folder,
      exited: server.exited,
      stop: async () => {
        // Immediate shutdown skips the last checkpoint, which data about to be deleted do not need.
        await server.stop(isEphemeral ? ['SIGQUIT'] : ['SIGINT', 'SIGQUIT']);
        if (isEphemeral) await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    if (isEphemeral) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function isEphemeralWith({ dataDir, isTemporary }: PostgresOptions): boolean {
  return dataDir === undefined || isTemporary === true;
}

interface Started {
  readonly server: ServerProcess;
  readonly port: number;
}

async function startOnSomePort(
  options: PostgresOptions,
  folder: string,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<Started> {
  const wanted = options.port ?? 0;
  if (wanted !== 0) await assertPortIsFree(wanted, 'PostgreSQL');
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    try {
      return { server: await launch(options, folder, port, binaries, account), port };
    } catch (error) {
      const isRace = error instanceof EmbeddedError && error.code === 'PORT_BUSY' && wanted === 0;
      if (!isRace || attempt >= MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

async function launch(
  options: PostgresOptions,
  folder: string,
  port: number,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<ServerProcess> {
  const deadline = Date.now() + (options.predecessorTimeoutMs ?? PREDECESSOR_TIMEOUT_MS);
  for (;;) {
    const server = await startServerProcess({
      command: binaries.postgres,
      args: ['-D', folder, '-p', String(port), ...settingsOf(options)],
      // A standby is ready when it can be read.
      readyPattern: /database system is ready to accept (read-only )?connections/,
      leashSignal: isEphemeralWith(options) ? 'QUIT' : 'INT',
      ...(isEphemeralWith(options) ? { removeOnLeash: folder } : {}),
      env: { ...process.env, LC_ALL: 'C' },
      account,
      onLog: options.onLog,
    });
    const timeout = delay(START_TIMEOUT_MS, null, { ref: false });
    if (await Promise.race([server.ready, timeout])) return server;
    await server.stop(['SIGQUIT']);
    const output = server.output.join('\n');
    if (/Address already in use/.test(output)) throw portBusy(port, 'PostgreSQL', 'address already in use');
    // Backends outlive a killed server by moments and hold its shared memory.
    const isHeldByBackends = /pre-existing shared memory block|lock file .* already exists/.test(output);
    if (!isHeldByBackends) throw explainFailure(output, folder);
    if (Date.now() > deadline) throw dataInUse(folder, 'processes of an earlier server');
    await delay(100);
  }
}

function settingsOf(options: PostgresOptions): string[] {
  const isDurable = options.fsync ?? true;
  const settings: Record<string, string> = {
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 200),
    fsync: isDurable ? 'on' : 'off',
    full_page_writes: isDurable ? 'on' : 'off',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // Before a recovery all data go to the disk: with one call, which Linux has, not file by file.
    ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Lets a server of an earlier run that is still on its way out leave the folder, and clears up a stale lock file. */
async function waitForPredecessor(folder: string, timeoutMs: number): Promise<void> {
  const lockFile = join(folder, 'postmaster.pid');
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const pid = Number.parseInt(await readFile(lockFile, 'utf8').catch(() => ''), 10);
    if (Number.isNaN(pid) || !isAlive(pid)) return;
    if (!(await mayBePostgres(pid))) {
      // The number went to another program since; PostgreSQL itself would take that for a running server.
      await rm(lockFile, { force: true });
      return;
    }
    if (Date.now() > deadline) throw dataInUse(folder, `the PostgreSQL process ${pid}`);
    await delay(100);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function mayBePostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  // "12 (postgres) S …": a zombie (Z) is dead, and only waits for a parent that never asks.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^\d+ \(postgres\) [^ZX]/.test(stat);
}

function dataInUse(folder: string, who: string): EmbeddedError {
  return new EmbeddedError(
    'DATA_IN_USE',
    `${folder} is in use by ${who}.`,
    'Stop that server first (Ctrl-C where it was started), then start again.',
  );
}
