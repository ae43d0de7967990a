import { copyJson, isJsonObject, type JsonObject } from './json.ts';
import type { TypeRelations } from './type-relations.ts';

/**
 * Puts what one fetch brought beside what is already there. Objects, and lists of the same length, are merged; a null takes
 * nothing away that another fetch brought. An object type is never replaced by the name of an interface, by which a
 * subgraph with an interface object knows it.
 * @param owned whether `source` goes to this place alone; otherwise what is nested is copied, since later fetches
 * may bring different things to each place.
 */
export function mergeInto(
  target: JsonObject,
  source: JsonObject,
  relations: TypeRelations,
  owned: boolean,
): void {
  for (const key in source) {
    const incoming = source[key];
    const present = target[key];
    if (present === undefined || present === null) {
      if (incoming !== undefined) target[key] = owned ? incoming : copyJson(incoming);
    } else if (incoming !== undefined && incoming !== null && key !== '__proto__') {
      // What every object inherits under that name is nobody's to add to.
      target[key] = mergeValue(key, present, incoming, relations, owned);
    }
  }
}

function mergeValue(
  key: string,
  present: unknown,
  incoming: unknown,
  relations: TypeRelations,
  owned: boolean,
): unknown {
  if (key === '__typename')
    return typeof incoming === 'string' && relations.isObject(incoming) ? incoming : present;
  if (isJsonObject(present) && isJsonObject(incoming)) {
    mergeInto(present, incoming, relations, owned);
    return present;
  }
  if (Array.isArray(present) && Array.isArray(incoming) && present.length === incoming.length) {
    const there: unknown[] = present;
    for (const [index, element] of (incoming as unknown[]).entries()) {
      const old = there[index];
      if (old === undefined || old === null) there[index] = owned ? element : copyJson(element);
      else if (element !== undefined && element !== null)
        there[index] = mergeValue('', old, element, relations, owned);
    }
    return present;
  }
  return owned ? incoming : copyJson(incoming);
}
