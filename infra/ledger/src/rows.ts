import type { Selectable } from 'kysely';
import type { TotalsTable, TransfersTable } from './tables.ts';
import type { Totals, Transfer } from './types.ts';

/** Totals from their row. */
export function totalsOf(row: Selectable<TotalsTable>): Totals {
  return {
    book: row.book,
    status: row.status,
    currency: row.currency,
    credited: row.credited,
    refunded: row.refunded,
    paidOut: row.paid_out,
    available: row.available,
    receiptCount: row.receipt_count,
    version: row.version,
    asOf: row.as_of,
  };
}

/** A transfer from its row. */
export function transferOf(row: Selectable<TransfersTable>): Transfer {
  return {
    book: row.book,
    id: row.id,
    payer: row.payer,
    key: row.key,
    inputHash: row.input_hash,
    kind: row.kind,
    amount: row.amount,
    currency: row.currency,
    origin:
      row.origin !== null && row.portion !== null ? { transfer: row.origin, portion: row.portion } : null,
    version: row.version,
    ordinal: row.ordinal,
    postedAt: row.posted_at,
    details: row.details,
  };
}
