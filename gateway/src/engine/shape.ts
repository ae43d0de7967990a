import {
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How a value of the collected data becomes a value of the response. */
export type ValueShape = LeafShape | ListShape | ObjectShape;

export interface LeafShape {
  kind: 'leaf';
  /** Null where everything is valid: scalars of our own. */
  isValid: ((value: unknown) => boolean) | null;
}

export interface ListShape {
  kind: 'list';
  of: ValueShape;
  isElementNonNull: boolean;
}

export interface FieldShape {
  /** What the client calls it. */
  name: string;
  /** What it is called in the collected data. */
  key: string;
  kind: 'typename' | 'introspection' | 'value';
  isNonNull: boolean;
  value: ValueShape;
}

/** What the client asked of objects of one type. */
export interface TypeShape {
  /** Null for an interface by whose name alone a subgraph knows an object. */
  typename: string | null;
  fields: readonly FieldShape[];
}

/** What all shapes of one operation have in common. */
export interface ShapeSource {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What the client calls what the plan calls `name`. */
  clientName: (name: string) => string;
  /** The name of a field that only the plan asks for. */
  hiddenName: string;
  /** Whether `@skip` and `@include` let a selection through. */
  isIncluded: (selection: SelectionNode) => boolean;
}

const integer = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 53;
const checks: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: integer,
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string' || integer(value),
};
const anything: LeafShape = { kind: 'leaf', isValid: null };

function leafShape(type: GraphQLLeafType): LeafShape {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map((value) => value.name));
    return { kind: 'leaf', isValid: (value) => typeof value === 'string' && names.has(value) };
  }
  return isSpecifiedScalarType(type) ? { kind: 'leaf', isValid: checks[type.name] ?? null } : anything;
}

function valueShape(
  source: ShapeSource,
  type: GraphQLOutputType,
  selectionSets: readonly SelectionSetNode[],
): ValueShape {
  if (isNonNullType(type)) return valueShape(source, type.ofType, selectionSets);
  if (isListType(type)) {
    const of = valueShape(source, type.ofType, selectionSets);
    return { kind: 'list', of, isElementNonNull: isNonNullType(type.ofType) };
  }
  if (isLeafType(type)) return leafShape(type);
  return new ObjectShape(source, type, selectionSets);
}

/** The selections on one place of the response, worked out for each type of object that turns up there. */
export class ObjectShape {
  readonly kind = 'object';
  readonly #source: ShapeSource;
  readonly #type: GraphQLCompositeType;
  readonly #selectionSets: readonly SelectionSetNode[];
  readonly #byTypename = new Map<string, TypeShape>();
  #last: { typename: string; shape: TypeShape } | undefined;

  constructor(source: ShapeSource, type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]) {
    this.#source = source;
    this.#type = type;
    this.#selectionSets = selectionSets;
  }

  /** The shape for objects that say this `__typename`; null when clients know no such type. */
  for(typename: unknown): TypeShape | null {
    const name = typeof typename === 'string' ? typename : this.#type.name;
    if (this.#last?.typename === name) return this.#last.shape;
    let shape = this.#byTypename.get(name);
    if (shape === undefined) {
      const type = this.#source.schema.getType(name);
      if (!isCompositeType(type)) return null;
      shape = this.#compile(type);
      this.#byTypename.set(name, shape);
    }
    this.#last = { typename: name, shape };
    return shape;
  }

  #compile(type: GraphQLCompositeType): TypeShape {
    const fieldsByName = new Map<string, FieldNode[]>();
    for (const selectionSet of this.#selectionSets) this.#collect(type, selectionSet, fieldsByName);
    const fields = [...fieldsByName].map(([name, nodes]) => this.#compileField(type, name, nodes));
    return {
      typename: isObjectType(type) ? type.name : null,
      fields: fields.filter((field) => field !== null),
    };
  }

  #collect(type: GraphQLCompositeType, selectionSet: SelectionSetNode, into: Map<string, FieldNode[]>): void {
    const { fragments, isIncluded } = this.#source;
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        if (name === this.#source.hiddenName) continue;
        const nodes = into.get(name);
        if (nodes === undefined) into.set(name, [selection]);
        else nodes.push(selection);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      if (fragment !== undefined && this.#applies(type, condition))
        this.#collect(type, fragment.selectionSet, into);
    }
  }

  #applies(type: GraphQLCompositeType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const { schema } = this.#source;
    const meant = schema.getType(condition);
    return (
      isAbstractType(meant) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(meant, type)
    );
  }

  #compileField(type: GraphQLCompositeType, key: string, nodes: readonly FieldNode[]): FieldShape | null {
    const fieldName = nodes[0]?.name.value ?? '';
    const name = this.#source.clientName(key);
    if (fieldName === '__typename') return { name, key, kind: 'typename', isNonNull: true, value: anything };
    // Anything else with two underscores is a question to the schema itself.
    if (fieldName.startsWith('__'))
      return { name, key, kind: 'introspection', isNonNull: false, value: anything };
    const field = isUnionType(type) ? undefined : type.getFields()[fieldName];
    if (field === undefined) return null;
    const selectionSets = nodes.flatMap((node) => node.selectionSet ?? []);
    const value = valueShape(this.#source, field.type, selectionSets);
    return { name, key, kind: 'value', isNonNull: isNonNullType(field.type), value };
  }
}
