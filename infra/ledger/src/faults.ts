import { sqlFaultOf, sqlState } from '@banyan/kit/database';

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

/** Sorts a failed call; an error without a SQLSTATE is a broken connection. */
export function classify(error: unknown): Fault {
  if (error instanceof CallFailed && !error.wasSent) {
    return { kind: 'RETRY', discard: true, mayHaveCommitted: false };
  }
  const state = sqlState(error instanceof CallFailed ? error.cause : error);
  const fault = state === undefined ? 'lost' : sqlFaultOf(state);
  switch (fault) {
    case 'lost':
      return { kind: 'RETRY', discard: true, mayHaveCommitted: true };
    case 'stale':
    case 'exhausted':
      return { kind: 'RETRY', discard: true, mayHaveCommitted: false };
    case 'transient':
      return { kind: 'RETRY', discard: false, mayHaveCommitted: false };
    case 'row':
      return { kind: 'ROW' };
    case 'fatal':
      return { kind: 'FATAL' };
    default:
      return fault satisfies never;
  }
}
