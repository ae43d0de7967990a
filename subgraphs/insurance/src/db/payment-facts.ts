import type { ColumnType, Insertable, Transaction } from 'kysely';
import type { Database } from './database.ts';

/** What happened, each thing once: the provider's own number of it and its kind are the key. Append-only. */
export interface PaymentFactsTable {
  provider: string;
  provider_event_id: string;
  kind: 'INTENT' | 'PAID' | 'REFUND_REQUESTED' | 'REFUNDED';
  /** Null: nothing here was asked for under that order. */
  payment_id: string | null;
  minor: bigint;
  currency: string;
  occurred_at: Date;
  recorded_at: ColumnType<Date, never, never>;
}

/** False when it was known already. */
export async function recordFact(
  trx: Transaction<Database>,
  fact: Insertable<PaymentFactsTable>,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('payment_facts')
    .values(fact)
    .onConflict((conflict) => conflict.constraint('payment_facts_event').doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}
