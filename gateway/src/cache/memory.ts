/** Bytes of an object that is kept in a map, without its texts: itself, its place there, positions and numbers. */
export const objectBytes = 250;

/**
 * Bytes of a text at most. Where all its characters are Latin it takes half of that; one Chinese character makes each of them
 * take two.
 */
export function textBytes(text: string): number {
  return 32 + 2 * text.length;
}
