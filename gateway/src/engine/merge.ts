import { copyAlong, type Additions } from './additions.ts';
import { isJsonObject, readField, type JsonObject } from './json.ts';
import type { TypeRelations } from './type-relations.ts';

const none: Additions = new Map();

/**
 * Puts what one fetch brought beside what is already there. Objects, and lists of the same length, are merged; a null takes
 * nothing away that another fetch brought. An object type is never replaced by the name of an interface, by which a
 * subgraph with an interface object knows it.
 * @param source is not changed, and what is nested in it may be shared.
 * @param additions below the target: what they lead to is the target's own, now and afterwards.
 */
export function mergeInto(
  target: JsonObject,
  source: Readonly<JsonObject>,
  relations: TypeRelations,
  additions: Additions = none,
): void {
  for (const key in source) {
    const incoming = source[key];
    const present = readField(target, key);
    if (present === undefined || present === null) {
      if (incoming !== undefined) target[key] = own(incoming, additions.get(key));
    } else if (incoming !== undefined && incoming !== null && key !== '__proto__') {
      // What every object inherits under that name is nobody's to add to.
      target[key] =
        key === '__typename'
          ? mergeTypename(present, incoming, relations)
          : mergeValue(present, incoming, relations, additions.get(key));
    }
  }
}

function own(value: unknown, additions: Additions | undefined): unknown {
  return additions === undefined ? value : copyAlong(value, additions);
}

function mergeTypename(present: unknown, incoming: unknown, relations: TypeRelations): unknown {
  return typeof incoming === 'string' && relations.isObject(incoming) ? incoming : present;
}

/** @param additions undefined where nothing is added to what is present, so that it may be shared. */
function mergeValue(
  present: unknown,
  incoming: unknown,
  relations: TypeRelations,
  additions: Additions | undefined,
): unknown {
  if (isJsonObject(present) && isJsonObject(incoming)) {
    const target = additions === undefined ? { ...present } : present;
    mergeInto(target, incoming, relations, additions);
    return target;
  }
  if (Array.isArray(present) && Array.isArray(incoming) && present.length === incoming.length) {
    const target: unknown[] = additions === undefined ? [...(present as unknown[])] : present;
    for (const [index, element] of (incoming as unknown[]).entries()) {
      const old = target[index];
      if (old === undefined || old === null) target[index] = own(element, additions);
      else if (element !== undefined && element !== null)
        target[index] = mergeValue(old, element, relations, additions);
    }
    return target;
  }
  return own(incoming, additions);
}
