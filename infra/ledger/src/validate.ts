import { InvalidTransfer } from './errors.ts';
import type { TransferInput } from './types.ts';

/** What a transfer may be; the tables hold the same limits. */
export interface TransferLimits {
  /** Minor units. */
  readonly maxAmount: bigint;
  /** UTF-8 bytes of the details as JSON. */
  readonly maxDetailsBytes: number;
}

/** Lengths in UTF-16 units, which are never fewer than PostgreSQL's characters. */
const maxLengths = { book: 64, id: 64, payer: 64, key: 128, inputHash: 64 } as const;

/** JSON.stringify writes NUL and lone surrogates as escapes; a backslash that is itself escaped does not count. */
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/**
 * Checks a transfer before it is queued, so that what the database would refuse never meets its neighbours.
 * Returns the details as JSON. Throws `InvalidTransfer`.
 */
export function validateTransfer(input: TransferInput, limits: TransferLimits): string {
  for (const [field, maxLength] of Object.entries(maxLengths)) {
    validateText(field, input[field as keyof typeof maxLengths], maxLength);
  }
  if (!/^[A-Z]{3}$/.test(input.currency)) {
    throw new InvalidTransfer('currency', 'the currency is a code of three letters');
  }
  if (typeof input.amount !== 'bigint' || input.amount < 1n || input.amount > limits.maxAmount) {
    throw new InvalidTransfer('amount', `the amount is 1 to ${limits.maxAmount} minor units`);
  }
  return serializeDetails(input, limits.maxDetailsBytes);
}

/** Throws `InvalidTransfer` unless the text can be stored and is 1 to `maxLength` long. */
export function validateText(field: string, text: unknown, maxLength: number): void {
  if (typeof text !== 'string' || text.length < 1 || text.length > maxLength) {
    throw new InvalidTransfer(field, `${field} is 1 to ${maxLength} characters`);
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new InvalidTransfer(field, `${field} holds characters that cannot be stored`);
  }
}

function serializeDetails(input: TransferInput, maxBytes: number): string {
  const text = JSON.stringify(input.details ?? {});
  if (Buffer.byteLength(text) > maxBytes) {
    throw new InvalidTransfer('details', `details are at most ${maxBytes} bytes`);
  }
  if (UNSTORABLE_ESCAPE.test(text)) {
    throw new InvalidTransfer('details', 'details hold characters that cannot be stored');
  }
  return text;
}
