import {
  buildSchema,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  isCompositeType,
  isInputObjectType,
  isListType,
  isObjectType,
  type ASTNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

/** A change costs this much where nothing else is said of it, as at Shopify. */
const mutationWeight = 10;
/** What `__schema` and `__type` cost, whatever is asked of them. */
export const introspectionWeight = 50;
/** A list of which the schema says nothing counts as this long. */
const defaultListSize = 10;

/** How long a list is, by `@listSize`. */
export interface ListSize {
  /** Where none of the arguments is given. */
  readonly assumedSize: number;
  /** Arguments that say how long, each with its default. */
  readonly slicing: readonly { readonly name: string; readonly defaultValue: number | undefined }[];
  /** The lists meant, one level further down; none where the field itself is the list. */
  readonly sizedFields: ReadonlySet<string>;
}

/** What the schema says of a field's cost. */
export interface FieldCost {
  readonly name: string;
  /** Once for each call. */
  readonly weight: number;
  /** Arguments that cost something where they are given. */
  readonly argumentWeights: ReadonlyMap<string, number>;
  readonly isList: boolean;
  /** Null where nothing is said. */
  readonly listSize: ListSize | null;
  /** Type of what it gives, without lists. */
  readonly type: GraphQLNamedType;
}

/** The size of a list that stands below nothing that says it. */
export function assumedSizeOf(field: FieldCost): number {
  return field.listSize?.assumedSize ?? defaultListSize;
}

/** The costs of the graph that is served now. */
export interface Costs {
  current: () => CostModel;
  /**
   * Reads another supergraph; the function that it gives goes over to it.
   * @throws GraphQLError when it cannot be used; the old one stays.
   */
  prepare(supergraphSdl: string): () => void;
}

export function createCosts(supergraphSdl: string): Costs {
  let model = new CostModel(supergraphSdl);
  return {
    current: () => model,
    prepare: (sdl) => {
      const next = new CostModel(sdl);
      return () => {
        model = next;
      };
    },
  };
}

interface Annotated {
  readonly astNode?: ASTNode | null | undefined;
}

/**
 * What things cost, by the directives of a supergraph: `@cost` and `@listSize` of https://specs.apollo.dev/cost/v0.1,
 * which are those of https://ibm.github.io/graphql-specs/cost-spec.html. An object costs 1 and a plain value nothing, a
 * change 10 besides, unless a weight says otherwise. The weight of a field counts once a call, that of a type for each
 * object. `requireOneSlicingArgument` is not looked at: where none is given, the list counts as long as is assumed.
 */
export class CostModel {
  readonly schema: GraphQLSchema;
  readonly #fields = new WeakMap<GraphQLField<unknown, unknown>, FieldCost>();

  /** @throws GraphQLError when the text is no schema, or weighs what is not reckoned here. */
  constructor(supergraphSdl: string) {
    this.schema = buildSchema(supergraphSdl, { assumeValid: true, noLocation: true });
    for (const type of Object.values(this.schema.getTypeMap()).filter(isInputObjectType)) {
      const weighed = Object.values(type.getFields()).find((field) => this.#weight(field) !== undefined);
      if (weighed !== undefined)
        throw new GraphQLError(
          `${type.name}.${weighed.name}: @cost of input fields is not reckoned; weigh the argument that takes them.`,
        );
    }
  }

  /** Undefined for a field that there is not. */
  fieldOf(typename: string, name: string): FieldCost | undefined {
    const type = this.schema.getType(typename);
    const fields = isCompositeType(type) && 'getFields' in type ? type.getFields() : undefined;
    const field = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return undefined;
    let cost = this.#fields.get(field);
    if (cost === undefined) {
      cost = this.#read(field, type === this.schema.getMutationType() ? mutationWeight : 0);
      this.#fields.set(field, cost);
    }
    return cost;
  }

  #read(field: GraphQLField<unknown, unknown>, usualWeight: number): FieldCost {
    const type = getNamedType(field.type);
    const argumentWeights = field.args.map((each) => [each.name, this.#weight(each) ?? 0] as const);
    return {
      name: field.name,
      weight: this.#weight(field) ?? usualWeight,
      argumentWeights: new Map(argumentWeights.filter(([, weight]) => weight !== 0)),
      isList: isListType(getNullableType(field.type)),
      listSize: this.#listSize(field),
      type,
    };
  }

  /** Of each object of a type, or each plain value. */
  typeWeightOf(type: GraphQLObjectType | GraphQLLeafType): number {
    return this.#weight(type) ?? (isObjectType(type) ? 1 : 0);
  }

  #weight({ astNode }: Annotated): number | undefined {
    const weight = this.#directive('cost', astNode)?.['weight'];
    return typeof weight === 'number' ? weight : undefined;
  }

  #listSize(field: GraphQLField<unknown, unknown>): ListSize | null {
    const given = this.#directive('listSize', field.astNode);
    if (given === undefined) return null;
    const named = (given['slicingArguments'] ?? []) as readonly string[];
    const slicing = named
      .map((name) => field.args.find((each) => each.name === name))
      .filter((each): each is GraphQLArgument => each !== undefined);
    return {
      assumedSize: typeof given['assumedSize'] === 'number' ? given['assumedSize'] : defaultListSize,
      slicing: slicing.map(({ name, defaultValue }) => ({
        name,
        defaultValue: typeof defaultValue === 'number' ? defaultValue : undefined,
      })),
      sizedFields: new Set((given['sizedFields'] ?? []) as readonly string[]),
    };
  }

  #directive(name: string, node: ASTNode | null | undefined): Record<string, unknown> | undefined {
    const definition = this.schema.getDirective(name);
    if (definition == null || node == null || !('directives' in node)) return undefined;
    return getDirectiveValues(definition, node);
  }
}
