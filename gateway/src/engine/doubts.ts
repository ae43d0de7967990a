import { isJsonObject, readField, type JsonObject } from './json.ts';
import type { ObjectShape, ValueShape } from './shape.ts';

/**
 * That an error may be of no concern to the client: it is of a field that a fetch asks of several types, at an object of which the
 * plan may have wanted nothing of it.
 */
export interface Doubt {
  /** Where the object is in the collected data. */
  place: readonly (string | number)[];
  /** What the field is called there. */
  field: string;
}

interface Asked {
  object: JsonObject;
  shape: ObjectShape;
}

/** What the client asked of the object at a place; null where it asked nothing. */
function askedAt(shape: ValueShape, value: unknown, [step, ...below]: Doubt['place']): Asked | null {
  if (shape.kind === 'list' && Array.isArray(value) && typeof step === 'number')
    return askedAt(shape.of, value[step], below);
  if (shape.kind !== 'object' || !isJsonObject(value)) return null;
  if (step === undefined) return { object: value, shape };
  const field = shape.for(value['__typename'])?.fields.find(({ key }) => key === step);
  return field === undefined ? null : askedAt(field.value, value[step], below);
}

/** Whether all that the client asked of a value was brought, be it null. */
function isWhole(shape: ValueShape, value: unknown): boolean {
  if (value === undefined) return false;
  if (shape.kind === 'list' && Array.isArray(value)) return value.every((each) => isWhole(shape.of, each));
  if (shape.kind !== 'object' || !isJsonObject(value)) return true;
  const fields = shape.for(value['__typename'])?.fields ?? [];
  return fields.every(
    ({ key, kind, value: below }) => kind !== 'value' || isWhole(below, readField(value, key)),
  );
}

/**
 * Whether the field was asked of other types alone, and nothing that the client asked of the object is missing, as it would be
 * where the plan needed the field for it.
 * @param data all that was collected.
 */
export function isOfAnotherType({ place, field }: Doubt, root: ObjectShape, data: JsonObject): boolean {
  const asked = askedAt(root, data, place);
  const typeShape = asked?.shape.for(asked.object['__typename']) ?? null;
  if (asked === null || typeShape === null) return false;
  return typeShape.fields.every(({ key }) => key !== field) && isWhole(asked.shape, asked.object);
}
