/** A row that could not be posted whatever the state of its book: it never reached the queue, or stood alone in the end. */
export class InvalidTransfer extends Error {
  override readonly name = 'InvalidTransfer';
  readonly code = 'INVALID_TRANSFER';
  /** The field at fault, as far as it is known. */
  readonly field: string | null;

  constructor(field: string | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.field = field;
  }
}

/** The queue is full or the row waited in it past its deadline. Nothing was sent: this call has had no effect. */
export class LedgerOverloaded extends Error {
  override readonly name = 'LedgerOverloaded';
  readonly code = 'LEDGER_OVERLOADED';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super('too many transfers are waiting');
    this.retryAfterMs = retryAfterMs;
  }
}

/** The database refused for longer than we try, or the service is going down. This call has had no effect. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
  readonly code = 'LEDGER_UNAVAILABLE';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * Whether the transfer is counted cannot be told yet: it may have been committed, or may still be. Asking again
 * with the same key, or `findTransferByKey` later, tells.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  readonly code = 'OUTCOME_UNKNOWN';
  readonly book: string;
  readonly payer: string;
  readonly key: string;

  constructor(of: { book: string; payer: string; key: string }, options?: ErrorOptions) {
    super('whether the transfer is counted is not known yet', options);
    this.book = of.book;
    this.payer = of.payer;
    this.key = of.key;
  }
}

/** The totals did not reach the version within the time. */
export class VersionNotReached extends Error {
  override readonly name = 'VersionNotReached';
  readonly code = 'VERSION_NOT_REACHED';
  /** The version that was there last; null when there is no such book. */
  readonly version: bigint | null;

  constructor(book: string, minVersion: bigint, version: bigint | null) {
    super(`the totals of ${book} did not reach version ${minVersion} in time`);
    this.version = version;
  }
}
