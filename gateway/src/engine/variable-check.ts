import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql';
import { isJsonObject } from './json.ts';

/** Whether a value is surely right for a type. What this is not sure of is looked at by graphql-js, which has the words for it. */
type Check = (value: unknown) => boolean;

const maxInt = 2_147_483_647;
const isInt: Check = (value) => Number.isInteger(value) && Math.abs(value as number) <= maxInt;
const scalars: Readonly<Record<string, Check>> = {
  Int: isInt,
  Float: (value) => Number.isFinite(value),
  String: (value) => typeof value === 'string',
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string' || isInt(value),
};

function compile(type: GraphQLInputType, known: Map<GraphQLInputType, Check>): Check {
  const there = known.get(type);
  if (there !== undefined) return there;
  // An input type may hold itself.
  known.set(type, (value) => known.get(type)?.(value) === true);
  const check = make(type, known);
  known.set(type, check);
  return check;
}

function make(type: GraphQLInputType, known: Map<GraphQLInputType, Check>): Check {
  if (isNonNullType(type)) {
    const of = compileNonNull(type.ofType, known);
    return (value) => value !== null && value !== undefined && of(value);
  }
  const of = compileNonNull(type, known);
  return (value) => value === null || value === undefined || of(value);
}

function compileNonNull(type: GraphQLInputType, known: Map<GraphQLInputType, Check>): Check {
  if (isListType(type)) {
    const of = compile(type.ofType, known);
    return (value) => Array.isArray(value) && value.every((element) => of(element));
  }
  if (isEnumType(type)) {
    const names = new Set<unknown>(type.getValues().map(({ name }) => name));
    return (value) => names.has(value);
  }
  if (isScalarType(type)) {
    // Scalars of our own are their subgraph's to check.
    return isSpecifiedScalarType(type) ? (scalars[type.name] ?? (() => false)) : () => true;
  }
  if (!isInputObjectType(type) || type.isOneOf) return () => false;
  const checks = new Map(
    Object.values(type.getFields()).map(({ name, type: of, defaultValue }) => {
      const check = compile(of, known);
      const isOptional = defaultValue !== undefined;
      return [name, (value: unknown) => (isOptional && value === undefined) || check(value)];
    }),
  );
  return (value) => {
    if (!isJsonObject(value)) return false;
    for (const name in value) if (!checks.has(name)) return false;
    for (const [name, check] of checks)
      if (!check(Object.hasOwn(value, name) ? value[name] : undefined)) return false;
    return true;
  };
}

/** A check of all variables of an operation: true where they are surely right. */
export function compileVariableCheck(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (given: Readonly<Record<string, unknown>>) => boolean {
  const known = new Map<GraphQLInputType, Check>();
  const checks = definitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    const check = type === undefined ? () => false : compile(type, known);
    return { name: variable.name.value, isOptional: defaultValue !== undefined, check };
  });
  return (given) =>
    checks.every(({ name, isOptional, check }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      return (isOptional && value === undefined) || check(value);
    });
}
