import type { Fetch } from './fetch.ts';
import type { JsonObject } from './json.ts';

/**
 * JSON text of what a fetch needs of an object to find it again; null when it was not fetched.
 *
 * Where a fetch knows an interface as an object, the plan requires of all types what a field needs that is asked of one type,
 * and has it brought for that type alone. The others are asked with what there is of them, as long as every fetch before
 * has brought what it was to bring: a field is never computed without what it requires because that could not be had.
 * @param isIncomplete whether a fetch before did not bring what it was to add to the object.
 */
export function writeRepresentation(
  { representation, rewriteInput }: Fetch,
  object: JsonObject,
  isIncomplete: boolean,
): string | null {
  if (representation === null) return null;
  if (rewriteInput === null) return representation.write(object);
  const taken = representation.takeTyped(object) ?? (isIncomplete ? null : representation.takeKnown(object));
  if (taken === null) return null;
  rewriteInput(taken);
  return JSON.stringify(taken);
}
