import {
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  GraphQLString,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  visit,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';

/** What all plans of one operation have in common. */
export interface PlanSource {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Values of the variables that `@skip` and `@include` ask for. */
  readonly conditions: Record<string, unknown>;
}

/** What becomes of a value that a resolver gave. */
export type ValuePlan = { readonly isNonNull: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'list'; readonly of: ValuePlan }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType; readonly selection: SelectionPlan }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType; readonly selection: SelectionPlan }
);

/** One field of the response below objects of one type. */
export interface FieldPlan {
  readonly responseName: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  /** Null where the value is the property of the field's name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  /** Whether it is `__typename`, which needs nobody to answer it. */
  readonly isTypename: boolean;
  /** The arguments where they do not depend on variables; null where they do. */
  readonly fixedArguments: Readonly<Record<string, unknown>> | null;
  readonly value: ValuePlan;
}

function hasVariables(node: FieldNode): boolean {
  let found = false;
  for (const argument of node.arguments ?? [])
    visit(argument, { [Kind.VARIABLE]: () => void (found = true) });
  return found;
}

/** The arguments of a field that are the same in every request; null when they are not, or are wrong. */
function fixedArguments(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Record<string, unknown> | null {
  if (hasVariables(node)) return null;
  try {
    return getArgumentValues(definition, node);
  } catch {
    // Told of at run time, at each place of the field.
    return null;
  }
}

function definitionOf(
  { schema }: PlanSource,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

/** Nobody is asked for it, so that it needs no more than this of a definition. */
const typenamePlan = { name: '__typename', args: [] } as unknown as GraphQLField<unknown, unknown>;

function planValue(source: PlanSource, type: GraphQLOutputType, nodes: readonly FieldNode[]): ValuePlan {
  const isNonNull = isNonNullType(type);
  const inner = isNonNull ? type.ofType : type;
  if (isLeafType(inner)) return { kind: 'leaf', isNonNull, type: inner };
  if (isListType(inner)) return { kind: 'list', isNonNull, of: planValue(source, inner.ofType, nodes) };
  const selection = new SelectionPlan(source, nodes);
  if (isAbstractType(inner)) return { kind: 'abstract', isNonNull, type: inner, selection };
  return { kind: 'object', isNonNull, type: inner, selection };
}

function planField(
  source: PlanSource,
  parentType: GraphQLObjectType,
  responseName: string,
  nodes: readonly FieldNode[],
): FieldPlan | null {
  const [first] = nodes;
  if (first === undefined) return null;
  const common = { responseName, parentType, nodes };
  if (first.name.value === typenamePlan.name) {
    const value = { kind: 'leaf', isNonNull: true, type: GraphQLString } as const;
    const fixed = { resolve: null, fixedArguments: null, value };
    return { ...common, ...fixed, definition: typenamePlan, isTypename: true };
  }
  const definition = definitionOf(source, parentType, first.name.value);
  if (definition === undefined) return null;
  return {
    ...common,
    definition,
    isTypename: false,
    resolve: definition.resolve ?? null,
    fixedArguments: fixedArguments(definition, first),
    value: planValue(source, definition.type, nodes),
  };
}

function planFields(
  source: PlanSource,
  type: GraphQLObjectType,
  collected: ReadonlyMap<string, readonly FieldNode[]>,
): readonly FieldPlan[] {
  return [...collected]
    .map(([name, nodes]) => planField(source, type, name, nodes))
    .filter((field) => field !== null);
}

/** The fields of an operation's root. */
export function planRoot(source: PlanSource, type: GraphQLObjectType): readonly FieldPlan[] {
  const { schema, fragments, conditions, operation } = source;
  return planFields(source, type, collectFields(schema, fragments, conditions, type, operation.selectionSet));
}

/** The selections below a field, worked out once for each type of object that turns up there. */
export class SelectionPlan {
  readonly #source: PlanSource;
  readonly #nodes: readonly FieldNode[];
  readonly #fieldsByType = new Map<GraphQLObjectType, readonly FieldPlan[]>();

  constructor(source: PlanSource, nodes: readonly FieldNode[]) {
    this.#source = source;
    this.#nodes = nodes;
  }

  fieldsOf(type: GraphQLObjectType): readonly FieldPlan[] {
    let fields = this.#fieldsByType.get(type);
    if (fields === undefined) {
      const { schema, fragments, conditions } = this.#source;
      fields = planFields(
        this.#source,
        type,
        collectSubfields(schema, fragments, conditions, type, this.#nodes),
      );
      this.#fieldsByType.set(type, fields);
    }
    return fields;
  }
}
