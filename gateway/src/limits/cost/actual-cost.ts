import { evaluate, type Variables } from './formula.ts';
import type { Below, ObjectCost, SelectedField } from './selection-cost.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** What is asked of an object: by the type that it says, or else as of the type of whose fields it has most. */
function shapeFor(below: Below, object: JsonObject): ObjectCost | undefined {
  if (below.size === 1) for (const only of below.values()) return only;
  const typename = object['__typename'];
  const named = typeof typename === 'string' ? below.get(typename) : undefined;
  if (named !== undefined) return named;
  let likeliest: ObjectCost | undefined;
  let found = -1;
  for (const shape of below.values()) {
    let there = 0;
    for (const { responseName } of shape.fields) if (object[responseName] !== undefined) there += 1;
    if (there > found) {
      likeliest = shape;
      found = there;
    }
  }
  return likeliest;
}

function ofValue(value: unknown, field: SelectedField, variables: Variables): number {
  const { valueWeight, below } = field;
  if (value === null) return 0;
  if (below === null && valueWeight === 0) return 0;
  if (Array.isArray(value)) {
    let total = 0;
    for (const each of value) total += ofValue(each, field, variables);
    return total;
  }
  if (below === null || typeof value !== 'object') return valueWeight;
  const shape = shapeFor(below, value as JsonObject);
  return shape === undefined ? 0 : shape.typeWeight + actualCost(shape, value as JsonObject, variables);
}

/**
 * What an answer cost, by what is in it: the weights of the fields that were called, and of the objects that came. An
 * object of an interface or a union that does not say its type counts as the one whose fields it has.
 */
export function actualCost(shape: ObjectCost, data: JsonObject, variables: Variables): number {
  let total = 0;
  for (const field of shape.fields) {
    const value = data[field.responseName];
    // It was left out by @skip or @include.
    if (value === undefined) continue;
    total += evaluate(field.weight, variables) + ofValue(value, field, variables);
  }
  return total;
}
