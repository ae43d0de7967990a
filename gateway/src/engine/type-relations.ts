import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import type { JsonObject } from './json.ts';

/** Which types of a schema are which others, asked by name. */
export interface TypeRelations {
  /** Whether there is an object, interface or union of this name. */
  isKnown(name: string): boolean;
  /** Whether there is an object type of this name. */
  isObject(name: string): boolean;
  /** Whether every object of type `name` is a `condition`; false when the schema knows one of them not. */
  isSubtype(name: string, condition: string): boolean;
}

export function createTypeRelations(schema: GraphQLSchema): TypeRelations {
  const objects = new Set<string>();
  const below = new Map<string, Set<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) objects.add(type.name);
    if (!isAbstractType(type)) continue;
    const names = new Set(schema.getPossibleTypes(type).map((possible) => possible.name));
    if (isInterfaceType(type))
      for (const each of schema.getImplementations(type).interfaces) names.add(each.name);
    below.set(type.name, names);
  }
  return {
    isKnown: (name) => objects.has(name) || below.has(name),
    isObject: (name) => objects.has(name),
    isSubtype: (name, condition) => name === condition || below.get(condition)?.has(name) === true,
  };
}

/** Whether an object says that it is a `condition`; `unknown` is the answer for one that does not say what it is. */
export function isOfType(
  relations: TypeRelations,
  object: JsonObject,
  condition: string,
  unknown: boolean,
): boolean {
  const typename = object['__typename'];
  return typeof typename === 'string' ? relations.isSubtype(typename, condition) : unknown;
}
