import { sql, type Insertable, type Kysely, type Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What moved a membership's balance. Append-only; the balance is their sum. */
export interface AidEntriesTable {
  id: string;
  membership_id: string;
  kind: 'PAID_IN' | 'RETURNED';
  /** Positive in, negative out. */
  minor: bigint;
  /** Of these two one is set, and each payment or refund counts once. */
  payment_id: string | null;
  refund_id: string | null;
  created_at: Date;
}

export function findBalances(
  db: Kysely<Database>,
  membershipIds: readonly string[],
): Promise<{ membership_id: string; minor: bigint }[]> {
  return db
    .selectFrom('aid_entries')
    .select(['membership_id', sql<bigint>`sum(minor)::bigint`.as('minor')])
    .where('membership_id', 'in', membershipIds)
    .groupBy('membership_id')
    .execute();
}

export async function insertAidEntry(
  trx: Transaction<Database>,
  entry: Insertable<AidEntriesTable>,
): Promise<void> {
  await trx.insertInto('aid_entries').values(entry).execute();
}
