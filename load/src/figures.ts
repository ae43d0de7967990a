import { cpus, totalmem, type as osType, release } from 'node:os';
import type { Books } from './audit/books.ts';
import { withClient } from './database.ts';

/** What the database did in a run. */
export interface DatabaseFigures {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Bytes of write-ahead log, of all databases of the server. */
  readonly walBytes: number;
  readonly sizeBytes: number;
}

/** Where the write-ahead log stands. It survives a crash, which statistics do not. */
export async function readWalPosition(databaseUrl: string): Promise<string> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
    return rows[0]?.lsn ?? '0/0';
  });
}

export async function readDatabaseFigures(databaseUrl: string, walStart: string): Promise<DatabaseFigures> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ version: string; wal: string; size: string }>(
      `select current_setting('server_version') as version, pg_current_wal_lsn() - $1::pg_lsn as wal,
              pg_database_size(current_database()) as size`,
      [walStart],
    );
    const settings = await client.query<{ name: string; setting: string }>(
      `select name, current_setting(name) as setting from pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_connections',
                      'synchronous_standby_names')
       order by name`,
    );
    return {
      version: rows[0]?.version ?? '',
      settings: Object.fromEntries(settings.rows.map(({ name, setting }) => [name, setting])),
      walBytes: Number(rows[0]?.wal ?? 0),
      sizeBytes: Number(rows[0]?.size ?? 0),
    };
  });
}

/** How many gifts of a campaign one commit has carried: those of one version. */
export interface BatchFigures {
  readonly commits: number;
  readonly median: number;
  readonly largest: number;
}

export function batchFigures(gifts: Books['gifts']): BatchFigures {
  const sizes = [...Map.groupBy(gifts, (gift) => `${gift.campaignId} ${gift.version}`).values()]
    .map((batch) => batch.length)
    .toSorted((one, other) => one - other);
  return {
    commits: sizes.length,
    median: sizes[Math.floor(sizes.length / 2)] ?? 0,
    largest: sizes.at(-1) ?? 0,
  };
}

/** The machine that the load ran on. */
export function environmentFigures(): Readonly<Record<string, string>> {
  const processors = cpus();
  return {
    processors: `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${osType()} ${release()}`,
    node: process.version,
  };
}

const queuePattern = /^ledger_queue_rows(?:\{[^}]*\})? (\d+)/m;

/** Transfers that wait for a batch at this moment, in all processes that answer; undefined when none does. */
export async function readQueueRows(campaignsUrls: readonly string[]): Promise<number | undefined> {
  const rows = (await Promise.all(campaignsUrls.map(queueRowsOf))).filter((each) => each !== undefined);
  return rows.length === 0 ? undefined : rows.reduce((sum, each) => sum + each, 0);
}

async function queueRowsOf(campaignsUrl: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${campaignsUrl}/metrics`, { signal: AbortSignal.timeout(500) });
    const match = queuePattern.exec(await response.text());
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
