/** Bytes of an object that is kept in a map, without its texts: itself, its place there, positions and numbers. */
export const objectBytes = 250;

/**
 * Bytes of a text at most. Where all its characters are Latin it takes half of that; one Chinese character makes each of them
 * take two.
 */
export function textBytes(text: string): number {
  return 32 + 2 * text.length;
}

/**
 * Bytes of what was parsed from JSON at most, measured with V8 14: fields that no other object has, or none in this order, take
 * a shape of their own. Objects that have theirs in common take a fifth of that.
 */
export function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value !== 'object' || value === null) return 16;
  if (Array.isArray(value))
    return value.reduce<number>((bytes, element) => bytes + 8 + jsonBytes(element), 56);
  let bytes = 96;
  for (const [name, field] of Object.entries(value)) bytes += 60 + textBytes(name) + jsonBytes(field);
  return bytes;
}
