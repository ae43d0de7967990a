import { createHash } from 'node:crypto';

/**
 * SHA-256 (base64url) of an input, by which a repeated idempotency key is known to bring the same request. The order of
 * fields does not matter, an absent field is as good as null, and 1 is not '1'.
 */
export function inputFingerprint(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest('base64url');
}

function canonical(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Date) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each != null);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { fields: sorted.map(([name, each]) => [name, canonical(each)]) };
}
