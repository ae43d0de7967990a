import {
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { greatest, product, sum, type Formula, type Variables } from './formula.ts';
import { assumedSizeOf, introspectionWeight, type CostModel, type FieldCost } from './model.ts';

/** What is asked of an object, and what it costs. */
export interface ObjectCost {
  /** Of the object itself. */
  readonly typeWeight: number;
  readonly fields: readonly SelectedField[];
  /** Of all fields together. */
  readonly requested: Formula;
}

/** A field as it stands in the answer. */
export interface SelectedField {
  readonly name: string;
  readonly responseName: string;
  /** Once for each call. */
  readonly weight: Formula;
  /** Of each plain value that it gives; 0 of objects. */
  readonly valueWeight: number;
  /** What is asked of the objects that it gives; null of plain values. */
  readonly below: Below | null;
}

/** By the types that the objects can be of; the only one where there is no choice. */
export type Below = ReadonlyMap<string, ObjectCost>;

/** A list further down whose size a field above it says. */
type Sizes = ReadonlyMap<string, Formula>;

/** A selection, and whether `@skip` and `@include` let it through: 1 or 0. */
interface Chosen<Node> {
  readonly node: Node;
  readonly isIn: Formula;
}

/** Looks at one selection for each kind of object; an operation that the limits on documents let through needs far fewer. */
const maxVisits = 50_000;

/** The operation asks so much of so many types that nobody reckons it. */
export class TooManySelections extends Error {
  override readonly name = 'TooManySelections';
}

const noSizes: Sizes = new Map();

function booleanOf(value: ValueNode | undefined, defaults: Variables): Formula {
  if (value?.kind === Kind.BOOLEAN) return value.value ? 1 : 0;
  if (value?.kind !== Kind.VARIABLE) return 0;
  const name = value.name.value;
  return (variables) => ((variables[name] ?? defaults[name]) === true ? 1 : 0);
}

function not(formula: Formula): Formula {
  return typeof formula === 'number' ? 1 - formula : (variables) => 1 - formula(variables);
}

/** The defaults of an operation's variables, as far as sizes and conditions hang on them. */
function defaultsOf(operation: OperationDefinitionNode): Variables {
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value);
    else if (defaultValue?.kind === Kind.BOOLEAN) defaults[variable.name.value] = defaultValue.value;
    else if (defaultValue !== undefined) defaults[variable.name.value] = null;
  }
  return defaults;
}

/** Reckons one operation. Fields that stand in the answer under one name are one field, as when it is executed. */
class Reckoning {
  readonly #model: CostModel;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #defaults: Variables;
  #visits = 0;

  constructor(
    model: CostModel,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    operation: OperationDefinitionNode,
  ) {
    this.#model = model;
    this.#fragments = fragments;
    this.#defaults = defaultsOf(operation);
  }

  object(
    type: GraphQLObjectType,
    selectionSets: readonly Chosen<SelectionSetNode>[],
    sizes: Sizes,
  ): ObjectCost {
    const typename = type.name;
    const byName = new Map<string, Chosen<FieldNode>[]>();
    for (const { node, isIn } of selectionSets) this.#collect(typename, node, isIn, byName, new Set());
    const fields: SelectedField[] = [];
    const costs: Formula[] = [];
    for (const [responseName, nodes] of byName) {
      const field = this.#field(typename, responseName, nodes, sizes);
      if (field === null) continue;
      fields.push(field.selected);
      costs.push(product(greatest(nodes.map(({ isIn }) => isIn)), field.requested));
    }
    return { typeWeight: this.#model.typeWeightOf(type), fields, requested: sum(costs) };
  }

  #collect(
    typename: string,
    selectionSet: SelectionSetNode,
    outer: Formula,
    into: Map<string, Chosen<FieldNode>[]>,
    open: Set<string>,
  ): void {
    for (const selection of selectionSet.selections) {
      this.#visits += 1;
      if (this.#visits > maxVisits) throw new TooManySelections();
      const isIn = product(outer, this.#isIn(selection));
      if (isIn === 0) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = into.get(name);
        if (nodes === undefined) into.set(name, [{ node: selection, isIn }]);
        else nodes.push({ node: selection, isIn });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(typename, selection.typeCondition?.name.value))
          this.#collect(typename, selection.selectionSet, isIn, into, open);
      } else {
        const name = selection.name.value;
        const fragment = this.#fragments.get(name);
        // One that comes back to itself is refused by validation.
        if (fragment === undefined || open.has(name)) continue;
        if (!this.#applies(typename, fragment.typeCondition.name.value)) continue;
        open.add(name);
        this.#collect(typename, fragment.selectionSet, isIn, into, open);
        open.delete(name);
      }
    }
  }

  #isIn(selection: SelectionNode): Formula {
    let isIn: Formula = 1;
    for (const { name, arguments: given } of selection.directives ?? []) {
      const condition = () =>
        booleanOf(given?.find((each) => each.name.value === 'if')?.value, this.#defaults);
      if (name.value === 'include') isIn = product(isIn, condition());
      else if (name.value === 'skip') isIn = product(isIn, not(condition()));
    }
    return isIn;
  }

  #applies(typename: string, condition: string | undefined): boolean {
    if (condition === undefined || condition === typename) return true;
    const { schema } = this.#model;
    const type = schema.getType(typename);
    const meant = schema.getType(condition);
    return isAbstractType(meant) && isObjectType(type) && schema.isSubType(meant, type);
  }

  #field(
    typename: string,
    responseName: string,
    nodes: readonly Chosen<FieldNode>[],
    sizes: Sizes,
  ): { selected: SelectedField; requested: Formula } | null {
    const [first] = nodes;
    if (first === undefined) return null;
    const name = first.node.name.value;
    if (name === '__schema' || name === '__type') return ofSchema(name, responseName);
    const cost = this.#model.fieldOf(typename, name);
    if (cost === undefined) return null;
    const own = this.#ownSize(cost, first.node);
    const isOwn = cost.listSize?.sizedFields.size === 0;
    const size = !cost.isList ? 1 : (sizes.get(name) ?? (isOwn ? own : assumedSizeOf(cost)));
    const below = this.#below(cost, nodes, isOwn ? noSizes : sizesBelow(cost, own));
    const weight = sum([cost.weight, ...this.#argumentWeights(cost, first.node)]);
    const valueWeight = isLeafType(cost.type) ? this.#model.typeWeightOf(cost.type) : 0;
    const each =
      below === null
        ? valueWeight
        : greatest([...below.values()].map(({ typeWeight, requested }) => sum([typeWeight, requested])));
    return {
      selected: { name, responseName, weight, valueWeight, below },
      requested: sum([weight, product(size, each)]),
    };
  }

  #below(cost: FieldCost, nodes: readonly Chosen<FieldNode>[], sizes: Sizes): Below | null {
    if (!isCompositeType(cost.type)) return null;
    const selectionSets = nodes.flatMap(({ node, isIn }) =>
      node.selectionSet === undefined ? [] : [{ node: node.selectionSet, isIn }],
    );
    const types = this.#objectTypes(cost.type);
    return new Map(types.map((type) => [type.name, this.object(type, selectionSets, sizes)]));
  }

  #objectTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isObjectType(type) ? [type] : this.#model.schema.getPossibleTypes(type);
  }

  /** The size that a field's arguments ask for: the greatest, where several are given. */
  #ownSize(cost: FieldCost, node: FieldNode): Formula {
    const { listSize } = cost;
    const assumed = assumedSizeOf(cost);
    if (listSize === null || listSize.slicing.length === 0) return assumed;
    const asked = listSize.slicing.map(({ name, defaultValue }) => {
      const value = node.arguments?.find((each) => each.name.value === name)?.value;
      return this.#integer(value, defaultValue);
    });
    const known = asked.filter((each) => typeof each !== 'function');
    if (known.length === asked.length) return sizeAmong(known, assumed);
    return (variables) =>
      sizeAmong(
        asked.map((each) => (typeof each === 'function' ? each(variables) : each)),
        assumed,
      );
  }

  #integer(
    value: ValueNode | undefined,
    defaultValue: number | undefined,
  ): number | undefined | ((variables: Variables) => number | undefined) {
    if (value === undefined) return defaultValue;
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return undefined;
    const name = value.name.value;
    const fallback = Object.hasOwn(this.#defaults, name) ? this.#defaults[name] : defaultValue;
    return (variables) => {
      const given = variables[name] === undefined ? fallback : variables[name];
      return typeof given === 'number' ? given : undefined;
    };
  }

  #argumentWeights(cost: FieldCost, node: FieldNode): Formula[] {
    if (cost.argumentWeights.size === 0) return [];
    return (node.arguments ?? []).map(({ name, value }): Formula => {
      const weight = cost.argumentWeights.get(name.value) ?? 0;
      if (weight === 0 || value.kind === Kind.NULL) return 0;
      if (value.kind !== Kind.VARIABLE) return weight;
      const variable = value.name.value;
      const hasDefault = this.#defaults[variable] !== undefined;
      return (variables) => {
        const given = variables[variable];
        return given === null || (given === undefined && !hasDefault) ? 0 : weight;
      };
    });
  }
}

function sizeAmong(asked: readonly (number | undefined)[], assumed: number): number {
  let size = -1;
  for (const each of asked) if (each !== undefined && each > size) size = each;
  return size < 0 ? assumed : size;
}

function sizesBelow({ listSize }: FieldCost, size: Formula): Sizes {
  if (listSize === null) return noSizes;
  return new Map([...listSize.sizedFields].map((name) => [name, size]));
}

function ofSchema(name: string, responseName: string): { selected: SelectedField; requested: Formula } {
  const selected = { name, responseName, weight: introspectionWeight, valueWeight: 0, below: null };
  return { selected, requested: introspectionWeight };
}

/**
 * What an operation asks for, reckoned once: what the variables decide stays open in the formulas. Takes time that grows
 * with the fields that it has when its fragments are written out.
 * @throws TooManySelections
 */
export function reckon(
  model: CostModel,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ObjectCost {
  const root = model.schema.getRootType(operation.operation);
  if (root == null) return { typeWeight: 0, fields: [], requested: 0 };
  const everything = [{ node: operation.selectionSet, isIn: 1 }];
  return new Reckoning(model, fragments, operation).object(root, everything, noSizes);
}
