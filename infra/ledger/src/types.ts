/** Whether a book takes money. A closed one still gives known answers and pays out. */
export type BookStatus = 'OPEN' | 'CLOSED';

/** RECEIPT: clearing -> held. REFUND and PAYOUT: held -> clearing. */
export type TransferKind = 'RECEIPT' | 'REFUND' | 'PAYOUT';

/** What a JSON document can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Money that comes in. */
export interface TransferInput {
  /** The group of accounts that takes it. */
  readonly book: string;
  /** Id of the transfer if it is posted; a repeat gets the id of the first. */
  readonly id: string;
  /** Whose key it is: a random reference, never a person's name or number. */
  readonly payer: string;
  /** Idempotency key of the payer within the book; it never expires. */
  readonly key: string;
  /** What the payer asked for, as `hashInput` gives it; the same key with another hash is KEY_REUSED. */
  readonly inputHash: string;
  /** Minor units, above zero. */
  readonly amount: bigint;
  /** ISO 4217 code. */
  readonly currency: string;
  /** For the hook and for readers; kept for ever, so nothing personal. */
  readonly details?: JsonObject;
}

/** Money that goes out. */
export interface WithdrawalInput extends TransferInput {
  readonly kind: 'REFUND' | 'PAYOUT';
  /** Of a refund: which receipt, and the name of the portion that leaves ("refund:1", a provider's id of it). */
  readonly origin?: { readonly transfer: string; readonly portion: string };
}

/** The sums of a book at one version. Amounts in minor units. */
export interface Totals {
  readonly book: string;
  readonly status: BookStatus;
  readonly currency: string;
  readonly credited: bigint;
  readonly refunded: bigint;
  readonly paidOut: bigint;
  /** credited - refunded - paidOut; never negative. */
  readonly available: bigint;
  readonly receiptCount: bigint;
  /** Grows by one with every commit that changes the row. */
  readonly version: bigint;
  /** Taken under the lock of the book: grows with the version. */
  readonly asOf: Date;
}

/** A transfer that is counted, and its place: the version of the totals that counted it and the ordinal within. */
export interface PostedTransfer {
  readonly book: string;
  readonly id: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly version: bigint;
  readonly ordinal: number;
  readonly postedAt: Date;
}

/** A transfer as it is kept. */
export interface Transfer extends PostedTransfer {
  readonly payer: string;
  readonly key: string;
  readonly inputHash: string;
  readonly kind: TransferKind;
  readonly origin: { readonly transfer: string; readonly portion: string } | null;
  readonly details: JsonObject;
}

/** Counted: POSTED by this call, or REPLAYED, the first result of a key that was known. */
export interface Counted {
  readonly outcome: 'POSTED' | 'REPLAYED';
  readonly transfer: PostedTransfer;
  readonly totals: Totals;
}

/** Not counted; nothing was written, and the key stays as it was. */
export interface Refused<Reason extends string> {
  readonly outcome: Reason;
  readonly transfer: null;
  /** Null when there is no such book. */
  readonly totals: Totals | null;
}

/** Why money was not taken. KEY_REUSED comes before all others. */
export type ReceiptRefusal =
  'KEY_REUSED' | 'BOOK_UNKNOWN' | 'BOOK_CLOSED' | 'CURRENCY_MISMATCH' | 'AMOUNT_OUT_OF_RANGE';

/** Why money did not leave. */
export type WithdrawalRefusal =
  | 'KEY_REUSED'
  | 'BOOK_UNKNOWN'
  | 'CURRENCY_MISMATCH'
  | 'ORIGIN_UNKNOWN'
  | 'PORTION_GONE'
  | 'PORTION_EXCEEDED'
  | 'NOT_ENOUGH_HELD';

/** What became of money that came in. */
export type PostResult = Counted | Refused<ReceiptRefusal>;

/** What became of money that was to go out. */
export type WithdrawalResult = Counted | Refused<WithdrawalRefusal>;
