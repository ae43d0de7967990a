import { isJsonObject, readField } from './json.ts';
import type { ResponsePath } from './response-path.ts';

/**
 * The fields below an object that lead to objects which fetches of the same plan add to, and the fields below those. Lists on
 * the way are passed over. Along these a run has objects of its own; whatever else was brought it only reads, since others may
 * have it too.
 */
export type Additions = ReadonlyMap<string, Additions>;

interface Growing extends Map<string, Growing> {}

/** The additions of one plan, while it is compiled. */
export class PlannedAdditions {
  readonly #root: Growing = new Map();

  /** Notes that a fetch adds to the objects at a path. @returns what is added below them, by fetches noted later, too. */
  at(path: ResponsePath): Additions {
    let at = this.#root;
    for (const { field } of path) {
      if (field === null) continue;
      const next: Growing = at.get(field) ?? new Map<string, Growing>();
      at.set(field, next);
      at = next;
    }
    return at;
  }
}

/** A value with new objects and lists along what is added to; the rest of it is the same. */
export function copyAlong(value: unknown, additions: Additions): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => copyAlong(element, additions));
  if (!isJsonObject(value)) return value;
  const copied = { ...value };
  if (additions.size === 0) return copied;
  for (const [name, below] of additions) {
    const nested = readField(value, name);
    if (nested !== undefined) copied[name] = copyAlong(nested, below);
  }
  return copied;
}
