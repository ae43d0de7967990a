import { isJsonObject } from '../engine/json.ts';
import { jsonBytes, objectBytes, textBytes } from './memory.ts';
import { parsePosition, writePosition, type Position } from './position.ts';

/** Something that a subgraph has said to a stranger, and until when it may be repeated. */
export interface Copy {
  readonly subgraph: string;
  /** Parsed from JSON; for reading, since each request that is answered with it has the same. */
  readonly value: unknown;
  /** Objects that it shows. */
  readonly objects: readonly string[];
  /** All changes up to here are in it. */
  readonly position: Position;
  /** In milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** The news of the subgraph when it was last looked at, and nothing that it shows had changed. */
  lookedAtNews?: Position | undefined;
}

/** A copy as it lies in Redis. */
export function writeCopy({ value, objects, position, expiresAtMs }: Copy): string {
  return JSON.stringify([writePosition(position), expiresAtMs, objects, value]);
}

/** Reads a copy from Redis; undefined for what is none. */
export function readCopy(subgraph: string, written: string): Copy | undefined {
  try {
    const [cursor, expiresAtMs, objects, value] = JSON.parse(written) as [string, number, string[], unknown];
    const isCopy =
      typeof expiresAtMs === 'number' &&
      Array.isArray(objects) &&
      objects.every((object) => typeof object === 'string') &&
      (value === null || isJsonObject(value));
    return isCopy ? { subgraph, value, objects, position: parsePosition(cursor), expiresAtMs } : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of memory that a copy takes at most. */
export function sizeOf({ value, objects }: Copy, key: string): number {
  let bytes = objectBytes + textBytes(key) + jsonBytes(value);
  for (const object of objects) bytes += textBytes(object);
  return bytes;
}
