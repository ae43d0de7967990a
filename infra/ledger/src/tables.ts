import type { ColumnType } from 'kysely';
import type { BookStatus, JsonObject, TransferKind } from './types.ts';

/** A column that only the ledger's own functions write. */
type Read<T> = ColumnType<T, never, never>;

/** One row per book. */
export interface TotalsTable {
  book: Read<string>;
  status: Read<BookStatus>;
  currency: Read<string>;
  max_amount: Read<bigint>;
  credited: Read<bigint>;
  refunded: Read<bigint>;
  paid_out: Read<bigint>;
  available: Read<bigint>;
  receipt_count: Read<bigint>;
  version: Read<bigint>;
  as_of: Read<Date>;
}

/** One row per transfer, for ever. */
export interface TransfersTable {
  book: Read<string>;
  id: Read<string>;
  payer: Read<string>;
  key: Read<string>;
  input_hash: Read<string>;
  kind: Read<TransferKind>;
  amount: Read<bigint>;
  currency: Read<string>;
  origin: Read<string | null>;
  portion: Read<string | null>;
  version: Read<bigint>;
  ordinal: Read<number>;
  posted_at: Read<Date>;
  details: Read<JsonObject>;
}

/** Two rows per transfer, whose amounts sum to zero. */
export interface PostingsTable {
  book: Read<string>;
  transfer: Read<string>;
  account: Read<'held' | 'clearing'>;
  amount: Read<bigint>;
}

/** The ledger's tables in a service's database; the app role may read them. */
export interface LedgerTables {
  'ledger.totals': TotalsTable;
  'ledger.transfers': TransfersTable;
  'ledger.postings': PostingsTable;
}
