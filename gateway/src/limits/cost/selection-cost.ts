import {
  isCompositeType,
  isLeafType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { FieldCollector, type Chosen } from './collected-fields.ts';
import { greatest, product, sum, type Formula, type Variables } from './formula.ts';
import { defaultsOf, weightIfGiven } from './given-values.ts';
import { noSizes, sizesOf, type Sizes } from './list-sizes.ts';
import { introspectionWeight, type CostModel, type FieldCost } from './model.ts';

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

/** Reckons one operation. Fields that stand in the answer under one name are one field, as when it is executed. */
class Reckoning {
  readonly #model: CostModel;
  readonly #collector: FieldCollector;
  readonly #defaults: Variables;

  constructor(
    model: CostModel,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    operation: OperationDefinitionNode,
  ) {
    this.#model = model;
    this.#defaults = defaultsOf(operation);
    this.#collector = new FieldCollector(model.schema, fragments, this.#defaults);
  }

  object(
    type: GraphQLObjectType,
    selectionSets: readonly Chosen<SelectionSetNode>[],
    sizes: Sizes,
  ): ObjectCost {
    const fields: SelectedField[] = [];
    const costs: Formula[] = [];
    for (const [responseName, nodes] of this.#collector.collect(type.name, selectionSets)) {
      const field = this.#field(type.name, responseName, nodes, sizes);
      if (field === null) continue;
      fields.push(field.selected);
      costs.push(product(greatest(nodes.map(({ isIn }) => isIn)), field.requested));
    }
    return { typeWeight: this.#model.typeWeightOf(type), fields, requested: sum(costs) };
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
    const { size, below: sizesBelow } = sizesOf(cost, first.node, sizes, this.#defaults);
    const below = this.#below(cost, nodes, sizesBelow);
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

  #argumentWeights(cost: FieldCost, node: FieldNode): Formula[] {
    if (cost.argumentWeights.size === 0) return [];
    return (node.arguments ?? []).map(({ name, value }) =>
      weightIfGiven(value, cost.argumentWeights.get(name.value) ?? 0, this.#defaults),
    );
  }
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
