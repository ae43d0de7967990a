import { createHash } from 'node:crypto';

/** A cursor that no page of this list has handed out: garbage, or of another list or order. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  readonly code = 'INVALID_CURSOR';

  constructor(options?: ErrorOptions) {
    super('the cursor does not belong to this list', options);
  }
}

const MAX_CURSOR_LENGTH = 2_000;
const FINGERPRINT_LENGTH = 6;

/** A few letters that tell one order of columns from another. */
export function orderFingerprint(order: readonly { column: string; direction: string }[]): string {
  const text = order.map((each) => `${each.column} ${each.direction}`).join(',');
  return createHash('sha256').update(text).digest('base64url').slice(0, FINGERPRINT_LENGTH);
}

/**
 * A cursor: base64url of the JSON array [fingerprint, value, …]. The values are PostgreSQL's own text of the columns, so
 * that a timestamptz keeps its microseconds and a bigint all its digits.
 */
export function encodeCursor(fingerprint: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([fingerprint, ...values])).toString('base64url');
}

/** The values in a cursor. Throws `InvalidCursor`. */
export function decodeCursor(cursor: string, fingerprint: string, valueCount: number): readonly string[] {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw new InvalidCursor();
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    throw new InvalidCursor({ cause: error });
  }
  if (!Array.isArray(parsed) || parsed.length !== valueCount + 1) throw new InvalidCursor();
  const [found, ...values] = parsed as unknown[];
  if (found !== fingerprint || !values.every((each) => typeof each === 'string')) throw new InvalidCursor();
  return values;
}
