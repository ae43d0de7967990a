import type { Fetch } from './fetch.ts';
import type { JsonObject } from './json.ts';

/** JSON text of what a fetch needs of an object to find it again; null when it was not fetched. */
export function writeRepresentation(
  { representation, rewriteInput }: Fetch,
  object: JsonObject,
): string | null {
  if (representation === null) return null;
  if (rewriteInput === null) return representation.write(object);
  const taken = representation.takeTyped(object);
  return taken === null ? null : JSON.stringify(rewriteInput(taken));
}

/**
 * The same of an object of which only a part was fetched, by its key and what else there is of it.
 *
 * Where a fetch knows an interface as an object, the plan requires of all types what a field needs that is asked of one type,
 * and has it brought for that type alone. The others are asked with what there is of them, as long as every fetch before
 * has brought what it was to bring: a field is never computed without what it requires because that could not be had.
 */
export function writeKnownPart({ representation, rewriteInput }: Fetch, object: JsonObject): string | null {
  if (representation === null || rewriteInput === null) return null;
  const known = representation.takeKnown(object);
  return known === null ? null : JSON.stringify(rewriteInput(known));
}
