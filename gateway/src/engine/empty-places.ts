import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { TypeRelations } from './type-relations.ts';

/**
 * The names that a fetch fills, so that a failure of the whole fetch can be told at each of them. Worked out when a fetch
 * fails for the first time.
 */
export class EmptyPlaces {
  readonly #query: string;
  readonly #isOfEntities: boolean;
  readonly #relations: TypeRelations;
  #selectionSet: SelectionSetNode | null | undefined;
  readonly #fragments = new Map<string, SelectionSetNode>();

  constructor(query: string, isOfEntities: boolean, relations: TypeRelations) {
    this.#query = query;
    this.#isOfEntities = isOfEntities;
    this.#relations = relations;
  }

  /** The names that it fills in an object of this type. */
  namesFor(typename: unknown): string[] {
    this.#selectionSet ??= this.#parse();
    if (this.#selectionSet === null) return [];
    return [...new Set(this.#names(this.#selectionSet, typename))];
  }

  #parse(): SelectionSetNode | null {
    let root: SelectionSetNode | null = null;
    for (const definition of parse(this.#query, { noLocation: true }).definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition.selectionSet);
      else if (definition.kind === Kind.OPERATION_DEFINITION) root = definition.selectionSet;
    }
    if (!this.#isOfEntities || root === null) return root;
    const [entities] = root.selections;
    return entities?.kind === Kind.FIELD ? (entities.selectionSet ?? null) : null;
  }

  #names(selectionSet: SelectionSetNode, typename: unknown): string[] {
    return selectionSet.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        return name === '__typename' ? [] : [name];
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = this.#fragments.get(selection.name.value);
        return fragment === undefined ? [] : this.#names(fragment, typename);
      }
      const condition = selection.typeCondition?.name.value;
      const isMeant =
        condition === undefined ||
        typeof typename !== 'string' ||
        this.#relations.isSubtype(typename, condition);
      return isMeant ? this.#names(selection.selectionSet, typename) : [];
    });
  }
}
