import type { SmallDisk } from '@banyan/kit/embedded';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Infliction } from './repertoire.ts';

const maxLogSwitches = 500;

/** Leaves PostgreSQL no room for its data for a while: tables cannot grow (53100). */
export async function fillDisk(disk: SmallDisk, forMs: number): Promise<Infliction> {
  return whileFull(disk, async () => {
    await delay(forMs);
    return 'done';
  });
}

/** The same with no room in the write-ahead log either, on which PostgreSQL gives up (PANIC). */
export async function fillLog(disk: SmallDisk, forMs: number, adminUrl: string): Promise<Infliction> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  // Beforehand: on a full disk nobody new may be let in.
  const isConnected = await client.connect().then(
    () => true,
    () => false,
  );
  if (!isConnected) return 'not there';
  const infliction = await whileFull(disk, async () => {
    const hasGivenUp = await useUpLog(client);
    await delay(forMs);
    return hasGivenUp ? 'done' : 'not there';
  });
  await client.end().catch(() => undefined);
  return infliction;
}

async function whileFull(disk: SmallDisk, work: () => Promise<Infliction>): Promise<Infliction> {
  await disk.fill();
  try {
    return await work();
  } finally {
    await disk.clear();
  }
}

/** Asks for segments of the log until there is none to be had; false when there is no end of them. */
async function useUpLog(client: pg.Client): Promise<boolean> {
  for (let switches = 0; switches < maxLogSwitches; switches += 1) {
    try {
      // A segment without a word in it is not left.
      await client.query(`select pg_logical_emit_message(false, 'load', 'full'), pg_switch_wal()`);
    } catch {
      return true;
    }
  }
  return false;
}
