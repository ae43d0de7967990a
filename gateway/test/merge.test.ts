import {
  array,
  assert as check,
  boolean,
  constant,
  constantFrom,
  dictionary,
  letrec,
  nat,
  oneof,
  property,
  record,
} from 'fast-check';
import { expect, test } from 'vitest';
import { PlannedAdditions } from '../src/engine/additions.ts';
import { isJsonObject, readField, type JsonObject } from '../src/engine/json.ts';
import { mergeInto } from '../src/engine/merge.ts';
import { compilePath } from '../src/engine/response-path.ts';

const relations = { isKnown: () => false, isObject: () => false, isSubtype: () => false };
const name = constantFrom('a', 'constructor');
const { object } = letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: oneof(
    { maxDepth: 4 },
    constant(null),
    nat(9),
    array(tie('value'), { minLength: 2, maxLength: 2 }),
    tie('object'),
  ),
  object: dictionary(name, tie('value'), { maxKeys: 2, noNullPrototype: true }),
}));
/** What a fetch brings, shared by the objects at its path or for the first of them alone. */
const fetches = array(record({ path: array(name, { maxLength: 3 }), brought: object, isForOne: boolean() }), {
  maxLength: 8,
});

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}

function objectsAt(value: unknown, [first, ...rest]: readonly string[]): JsonObject[] {
  if (Array.isArray(value))
    return value.flatMap((element) => objectsAt(element, first === undefined ? [] : [first, ...rest]));
  if (!isJsonObject(value)) return [];
  return first === undefined ? [value] : objectsAt(readField(value, first), rest);
}

/** A merge of which nothing is shared. */
function merged(present: unknown, incoming: unknown): unknown {
  if (present === undefined || present === null) return structuredClone(incoming);
  if (incoming === null) return present;
  if (isJsonObject(present) && isJsonObject(incoming)) {
    for (const [key, value] of Object.entries(incoming))
      present[key] = merged(Object.hasOwn(present, key) ? present[key] : undefined, value);
    return present;
  }
  if (Array.isArray(present) && Array.isArray(incoming) && present.length === incoming.length)
    return present.map((element, index) => merged(element, incoming[index]));
  return structuredClone(incoming);
}

test('what fetches bring is put together as if each place had a copy of its own, and none of it is changed', () => {
  check(
    property(fetches, (all) => {
      const planned = new PlannedAdditions();
      const steps = all.map((each) => ({ ...each, additions: planned.at(compilePath(each.path)) }));
      const data: JsonObject = {};
      const expected: JsonObject = {};
      for (const { path, brought, isForOne, additions } of steps) {
        const count = isForOne ? 1 : Infinity;
        for (const target of objectsAt(expected, path).slice(0, count)) merged(target, brought);
        // Whoever changes what is frozen fails.
        const shared = freeze(structuredClone(brought));
        for (const target of objectsAt(data, path).slice(0, count))
          mergeInto(target, shared, relations, additions);
      }
      expect(data).toEqual(expected);
    }),
    { numRuns: 5_000 },
  );
});
