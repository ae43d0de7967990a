import type { Supergraph as Composed } from '@apollo/federation-internals';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How copies of a fetch may be kept. */
export interface CopyPolicy {
  /** How old a copy may be. */
  readonly maxAgeSeconds: number;
  /** Whether it shows the fields of its own entities alone, and no other entity below them. */
  readonly isFlat: boolean;
}

/** Which fields of the graph are the same for everybody and may be kept as copies, by `@cacheControl`. */
export interface CopyRules {
  /** The policy for the operation of a fetch; undefined when some of it must be read anew each time. */
  policyOf(operation: string): CopyPolicy | undefined;
}

interface Walk {
  maxAgeSeconds: number;
  isFlat: boolean;
}

/**
 * Reads the rules of a supergraph. A field may be copied when it has `@cacheControl(maxAge:)`. The fields of a value (a
 * type without a key, such as an amount or a page) go with the field that shows it; the fields of an entity need their own.
 */
export function readCopyRules(composed: Composed, schema: GraphQLSchema): CopyRules {
  const ages = new Map<string, number>();
  const keys = new Map<string, Set<string>>();
  for (const type of composed.schema.types()) {
    if (type.kind !== 'ObjectType' && type.kind !== 'InterfaceType') continue;
    for (const applied of type.appliedDirectivesOf('join__type')) {
      const key: unknown = applied.arguments()['key'];
      if (typeof key === 'string') keys.set(type.name, (keys.get(type.name) ?? new Set()).add(key));
    }
    for (const field of type.fields())
      for (const applied of field.appliedDirectivesOf('cacheControl'))
        ages.set(field.coordinate, Number(applied.arguments()['maxAge']));
  }

  // What is asked of the graph itself always needs a rule.
  const query = schema.getQueryType()?.name;
  if (query !== undefined) keys.set(query, new Set());

  /** Whether a type has a key, or stands for one that has. */
  const isEntity = (type: GraphQLNamedType): boolean =>
    keys.has(type.name) ||
    (isAbstractType(type) && schema.getPossibleTypes(type).some((possible) => keys.has(possible.name)));

  /** Whether all of a selection may be copied; `isValue` says that the parent goes with the field that shows it. */
  function walk(
    selections: SelectionSetNode,
    parent: GraphQLNamedType,
    isValue: boolean,
    found: Walk,
  ): boolean {
    return selections.selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const name = selection.typeCondition?.name.value;
        const type = name === undefined ? parent : schema.getType(name);
        return type !== undefined && walk(selection.selectionSet, type, isValue || !isEntity(type), found);
      }
      const name = selection.name.value;
      if (name === '__typename') return true;
      if (name === '_entities' && selection.selectionSet !== undefined) {
        const below: Walk = { maxAgeSeconds: found.maxAgeSeconds, isFlat: true };
        const isWhole = walk(selection.selectionSet, parent, false, below);
        Object.assign(found, below);
        return isWhole;
      }
      const field =
        isAbstractType(parent) || isObjectType(parent) ? fieldOf(schema, parent, name) : undefined;
      if (field === undefined) return false;
      const age = ages.get(`${parent.name}.${name}`);
      if (age !== undefined) found.maxAgeSeconds = Math.min(found.maxAgeSeconds, age);
      else if (!isValue && keys.get(parent.name)?.has(name) !== true) return false;
      if (selection.selectionSet === undefined) return true;
      if (!isCompositeType(field)) return false;
      if (isEntity(field)) found.isFlat = false;
      return walk(selection.selectionSet, field, !isEntity(field), found);
    });
  }

  return {
    policyOf(operation) {
      const definition = parse(operation, { noLocation: true }).definitions.find(
        (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
      );
      const root = schema.getQueryType();
      if (definition?.operation !== 'query' || root == null) return undefined;
      const found: Walk = { maxAgeSeconds: Number.POSITIVE_INFINITY, isFlat: false };
      if (!walk(definition.selectionSet, root, false, found)) return undefined;
      return Number.isFinite(found.maxAgeSeconds) && found.maxAgeSeconds > 0 ? found : undefined;
    },
  };
}

function fieldOf(
  schema: GraphQLSchema,
  parent: GraphQLNamedType,
  name: string,
): GraphQLNamedType | undefined {
  const type = schema.getType(parent.name);
  if (type === undefined || !('getFields' in type)) return undefined;
  const field = type.getFields()[name];
  return field === undefined || !('args' in field) ? undefined : getNamedType(field.type);
}
