import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';

/** How often the database is asked; who is answered may have been so long too late. */
export const probeEveryMs = 100;
const usualPatienceMs = 60_000;

async function answers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  });
  // A connection may also break between two answers.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Milliseconds until the database answers somebody new; null when it does not within a minute, or within `patienceMs`. */
export async function timeUntilDatabaseAnswers(
  databaseUrl: string,
  patienceMs = usualPatienceMs,
): Promise<number | null> {
  const startMs = Date.now();
  while (Date.now() - startMs < patienceMs) {
    if (await answers(databaseUrl)) return Date.now() - startMs;
    await delay(probeEveryMs);
  }
  return null;
}
