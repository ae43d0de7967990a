import { objectBytes, textBytes } from './memory.ts';
import { parsePosition, writePosition, type Position } from './position.ts';

/** Something that a subgraph has said to a stranger, and until when it may be repeated. */
export interface Copy {
  readonly subgraph: string;
  /** JSON text. */
  readonly text: string;
  /** Objects that it shows. */
  readonly objects: readonly string[];
  /** All changes up to here are in it. */
  readonly position: Position;
  /** In milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** A copy as it lies in Redis. */
export function writeCopy({ text, objects, position, expiresAtMs }: Copy): string {
  return JSON.stringify([writePosition(position), expiresAtMs, objects, text]);
}

/** Reads a copy from Redis; undefined for what is none. */
export function readCopy(subgraph: string, written: string): Copy | undefined {
  try {
    const [cursor, expiresAtMs, objects, text] = JSON.parse(written) as [string, number, string[], string];
    if (typeof text !== 'string' || typeof expiresAtMs !== 'number' || !Array.isArray(objects))
      return undefined;
    return { subgraph, text, objects, position: parsePosition(cursor), expiresAtMs };
  } catch {
    return undefined;
  }
}

/** Bytes of memory that a copy takes at most. */
export function sizeOf({ text, objects }: Copy, key: string): number {
  let bytes = objectBytes + textBytes(key) + textBytes(text);
  for (const object of objects) bytes += textBytes(object);
  return bytes;
}
