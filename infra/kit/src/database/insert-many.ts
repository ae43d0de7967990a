import type { Insertable, Kysely } from 'kysely';

/** PostgreSQL takes 65,535 parameters a statement. */
const maxParameters = 60_000;

/** Inserts any number of rows, in as many statements as it takes; for seeds. Rows must have the same columns. */
export async function insertMany<DB, Table extends keyof DB & string>(
  db: Kysely<DB>,
  table: Table,
  rows: readonly Insertable<DB[Table]>[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).length;
  const chunkRows = Math.max(1, Math.floor(maxParameters / Math.max(1, columns)));
  for (let at = 0; at < rows.length; at += chunkRows) {
    await db
      .insertInto(table)
      .values(rows.slice(at, at + chunkRows))
      .execute();
  }
}
