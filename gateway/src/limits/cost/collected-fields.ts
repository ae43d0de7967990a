import {
  isAbstractType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { product, type Formula, type Variables } from './formula.ts';
import { booleanOf } from './given-values.ts';

/** A selection, and whether `@skip` and `@include` let it through: 1 or 0. */
export interface Chosen<Node> {
  readonly node: Node;
  readonly isIn: Formula;
}

/** Looks at one selection for each kind of object; an operation that the limits on documents let through needs far fewer. */
const maxVisits = 50_000;

/** The operation asks so much of so many types that nobody reckons it. */
export class TooManySelections extends Error {
  override readonly name = 'TooManySelections';
}

function not(formula: Formula): Formula {
  return typeof formula === 'number' ? 1 - formula : (variables) => 1 - formula(variables);
}

/** Finds the fields of one operation that stand in the answer, through its fragments and conditions. */
export class FieldCollector {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #defaults: Variables;
  #visits = 0;

  constructor(
    schema: GraphQLSchema,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    defaults: Variables,
  ) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#defaults = defaults;
  }

  /**
   * What is asked of an object of a type, by name in the answer: fields of one name are one field.
   * @throws TooManySelections
   */
  collect(
    typename: string,
    selectionSets: readonly Chosen<SelectionSetNode>[],
  ): ReadonlyMap<string, readonly Chosen<FieldNode>[]> {
    const byName = new Map<string, Chosen<FieldNode>[]>();
    for (const { node, isIn } of selectionSets) this.#collect(typename, node, isIn, byName, new Set());
    return byName;
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
    const type = this.#schema.getType(typename);
    const meant = this.#schema.getType(condition);
    return isAbstractType(meant) && isObjectType(type) && this.#schema.isSubType(meant, type);
  }
}
