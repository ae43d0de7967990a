import type { ColumnType, Selectable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** Keys by which a person's repeated requests are known. They do not expire. */
export interface IdempotencyKeysTable {
  author_id: string;
  key: string;
  input_fingerprint: string;
  /** What the request made; null only inside the transaction that makes it. */
  result_id: string | null;
  created_at: ColumnType<Date, Date | undefined, never>;
}
type KeyRow = Selectable<IdempotencyKeysTable>;

/**
 * Takes a key, and gives undefined; or gives the row of who has taken it before. Waits for a transaction that holds the
 * same key at the moment.
 */
export async function takeKey(
  trx: Transaction<Database>,
  key: Pick<KeyRow, 'author_id' | 'key' | 'input_fingerprint'>,
): Promise<KeyRow | undefined> {
  const taken = await trx
    .insertInto('idempotency_keys')
    .values({ ...key, result_id: null })
    .onConflict((conflict) => conflict.columns(['author_id', 'key']).doNothing())
    .executeTakeFirst();
  if (taken.numInsertedOrUpdatedRows === 1n) return undefined;
  return trx
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('author_id', '=', key.author_id)
    .where('key', '=', key.key)
    .executeTakeFirstOrThrow();
}

export async function keepResult(
  trx: Transaction<Database>,
  key: Pick<KeyRow, 'author_id' | 'key'>,
  resultId: string,
): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ result_id: resultId })
    .where('author_id', '=', key.author_id)
    .where('key', '=', key.key)
    .execute();
}
