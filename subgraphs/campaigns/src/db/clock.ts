import { sql, type Kysely } from 'kysely';
import type { Database } from './database.ts';

/**
 * What time it is: by the database's clock, which all processes share and which gave the gifts their times. The clock of one
 * process may be an hour off.
 */
export async function readClock(db: Kysely<Database>): Promise<Date> {
  const { rows } = await sql<{ time: Date }>`select clock_timestamp() as time`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the database does not tell the time');
  return row.time;
}
