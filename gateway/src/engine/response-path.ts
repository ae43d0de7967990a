import { isJsonObject, readField, type JsonObject } from './json.ts';

/** One step of a plan's path: into a field, or into every element of a list. */
interface PathStep {
  /** Null for the elements of a list. */
  field: string | null;
}

/** Where in the collected data a fetch puts its answer. */
export type ResponsePath = readonly PathStep[];

/** An object at the end of a path. */
export interface Found {
  object: JsonObject;
  /** The objects passed on the way, the outermost first, without `object`. */
  ancestors: readonly JsonObject[];
}

/**
 * Compiles a path of the planner: `name`, or `@` for the elements of a list. The types that the planner can add to either
 * (`name|[A,B]`) it writes with `typeConditionedFetching` alone, which is off.
 */
export function compilePath(elements: readonly (string | number)[]): ResponsePath {
  return elements.map((element) => ({ field: element === '@' ? null : String(element) }));
}

function visit(value: unknown, path: ResponsePath, at: number, found: (object: JsonObject) => void): void {
  const step = path[at];
  if (step === undefined) {
    // A list at the end is a list of lists that the planner did not write out.
    if (Array.isArray(value)) for (const element of value) visit(element, path, at, found);
    else if (isJsonObject(value)) found(value);
  } else if (step.field === null) {
    if (Array.isArray(value)) for (const element of value) visit(element, path, at + 1, found);
  } else if (isJsonObject(value)) visit(readField(value, step.field), path, at + 1, found);
}

/** The objects at the end of a path, in the order of the data; nulls and what is missing are passed over. */
export function objectsAt(root: JsonObject, path: ResponsePath): JsonObject[] {
  if (path.length === 0) return [root];
  const objects: JsonObject[] = [];
  visit(root, path, 0, (object) => objects.push(object));
  return objects;
}

/** The same with the objects that were passed on the way. */
export function objectsWithAncestors(root: JsonObject, path: ResponsePath): Found[] {
  const all: Found[] = [];
  const ancestors: JsonObject[] = [];
  const walk = (value: unknown, at: number): void => {
    const step = path[at];
    if (step === undefined) {
      if (isJsonObject(value)) all.push({ object: value, ancestors: [...ancestors] });
    } else if (step.field === null) {
      if (Array.isArray(value)) for (const element of value) walk(element, at + 1);
    } else if (isJsonObject(value)) {
      ancestors.push(value);
      walk(readField(value, step.field), at + 1);
      ancestors.pop();
    }
  };
  walk(root, 0);
  return all;
}

/** The client's path of each object at the end of a path. Made when there is an error to place, not before. */
export function placesAt(
  root: JsonObject,
  path: ResponsePath,
): Map<JsonObject, readonly (string | number)[]> {
  const places = new Map<JsonObject, readonly (string | number)[]>();
  const walk = (value: unknown, at: number, place: readonly (string | number)[]): void => {
    const step = path[at];
    if (Array.isArray(value) && step?.field == null) {
      for (const [index, element] of value.entries())
        walk(element, step === undefined ? at : at + 1, [...place, index]);
    } else if (isJsonObject(value) && step === undefined) {
      places.set(value, place);
    } else if (isJsonObject(value) && step !== undefined && step.field !== null) {
      walk(readField(value, step.field), at + 1, [...place, step.field]);
    }
  };
  walk(root, 0, []);
  return places;
}
