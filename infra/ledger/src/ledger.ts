/** Double entry, group commit, idempotency: accounts and transfers, whatever they are for. */
export { audit } from './audit.ts';
export type { AuditFinding, AuditOptions, AuditProblem } from './audit.ts';
export { openBook, setBookStatus } from './books.ts';
export type { NewBook } from './books.ts';
export { createCommitter } from './committer.ts';
export type { Committer, CommitterOptions } from './committer.ts';
export {
  InvalidTransfer,
  LedgerOverloaded,
  LedgerUnavailable,
  OutcomeUnknown,
  VersionNotReached,
} from './errors.ts';
export type { Fault } from './faults.ts';
export { hashInput } from './hash-input.ts';
export type { HashedValue } from './hash-input.ts';
export { ledgerMigration } from './migrations/ledger-migration.ts';
export { findTransferByKey, listTransfers, readTotals } from './reads.ts';
export type { ListTransfersArguments } from './reads.ts';
export type { LedgerTables, PostingsTable, TotalsTable, TransfersTable } from './tables.ts';
export { createTotalsReader } from './totals-reader.ts';
export type { TotalsReader, TotalsReaderOptions } from './totals-reader.ts';
export type {
  BookStatus,
  Counted,
  JsonObject,
  JsonValue,
  PostedTransfer,
  PostResult,
  ReceiptRefusal,
  Refused,
  Totals,
  Transfer,
  TransferInput,
  TransferKind,
  WithdrawalInput,
  WithdrawalRefusal,
  WithdrawalResult,
} from './types.ts';
export { withdraw } from './withdraw.ts';
