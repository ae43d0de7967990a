import { createHash } from 'node:crypto';

/** What can be part of a hashed input. */
export type HashedValue = string | number | bigint | boolean | null;

/**
 * The hash of what a payer asked for: SHA-256, base64url, 43 characters. The order of the fields does not matter; a value
 * of another type is another input (1 is not '1').
 */
export function hashInput(fields: Readonly<Record<string, HashedValue>>): string {
  const sorted = Object.entries(fields)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, typeof value, String(value)]);
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
