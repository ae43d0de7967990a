import { sqlState } from '@banyan/kit/database';

/** A call that brought no answer, and whether the server can have got it. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly wasSent: boolean;

  constructor(wasSent: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.wasSent = wasSent;
  }
}

/** What to do about a failed call. */
export type Fault =
  /** Run the same batch again. `mayHaveCommitted`: until that has an answer, nobody knows. */
  | { readonly kind: 'RETRY'; readonly discard: boolean; readonly mayHaveCommitted: boolean }
  /** A row of the batch is at fault: find it. */
  | { readonly kind: 'ROW' }
  /** Asking again would not help. */
  | { readonly kind: 'FATAL' };

/** Serialization failure, deadlock, lock timeout, statement timeout: the server rolled back and the connection is good. */
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014']);
/** Demoted to read-only; plan or prepared statement gone after a migration: another connection may do better. */
const STALE = new Set(['25006', '0A000', '26000']);
/**
 * 08 connection, 57P operator intervention: the session ended, at a moment that it does not tell. 53100 disk full and 58 system
 * error may be the word of a server that gives up in mid-commit (PANIC), when the commit may have reached the log.
 */
const LOST = /^(08|57P|58|53100)/;
/** 53: no memory or connection for the moment. */
const EXHAUSTED = /^53/;
/** 22 data, 23 constraint, P0 raised by the hook. */
const ROW = /^(22|23|P0)/;

/** Sorts a failed call by its SQLSTATE (PostgreSQL manual, appendix A); an error without one is a broken connection. */
export function classify(error: unknown): Fault {
  const wasSent = !(error instanceof CallFailed) || error.wasSent;
  const state = sqlState(error instanceof CallFailed ? error.cause : error);
  if (!wasSent) return { kind: 'RETRY', discard: true, mayHaveCommitted: false };
  if (state === undefined || LOST.test(state))
    return { kind: 'RETRY', discard: true, mayHaveCommitted: true };
  if (TRANSIENT.has(state)) return { kind: 'RETRY', discard: false, mayHaveCommitted: false };
  if (STALE.has(state) || EXHAUSTED.test(state)) {
    return { kind: 'RETRY', discard: true, mayHaveCommitted: false };
  }
  return { kind: ROW.test(state) ? 'ROW' : 'FATAL' };
}
