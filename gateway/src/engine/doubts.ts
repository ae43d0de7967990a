import { isJsonObject, readField, type JsonObject } from './json.ts';
import type { ObjectShape, TypeShape, ValueShape } from './shape.ts';

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
  shape: TypeShape;
}

/** What the client asked of the object at a place; null where it asked nothing. */
function askedAt(shape: ValueShape, value: unknown, [step, ...below]: Doubt['place']): Asked | null {
  if (shape.kind === 'list' && Array.isArray(value) && typeof step === 'number')
    return askedAt(shape.of, value[step], below);
  if (shape.kind !== 'object' || !isJsonObject(value)) return null;
  const typeShape = shape.for(value['__typename']);
  if (typeShape === null) return null;
  if (step === undefined) return { object: value, shape: typeShape };
  const field = typeShape.fields.find(({ key }) => key === step);
  return field === undefined ? null : askedAt(field.value, value[step], below);
}

/**
 * Whether the field was asked of other types alone, and nothing that the client asked of the object is missing, as it would be
 * where the plan needed the field for it.
 * @param data all that was collected.
 */
export function isOfAnotherType({ place, field }: Doubt, root: ObjectShape, data: JsonObject): boolean {
  const asked = askedAt(root, data, place);
  if (asked === null) return false;
  return asked.shape.fields.every(
    ({ key, kind }) => key !== field && (kind !== 'value' || readField(asked.object, key) !== undefined),
  );
}
