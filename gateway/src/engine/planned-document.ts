import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A client's operation as it is planned. */
export interface PlannedDocument {
  document: DocumentNode;
  /** What the client calls what the plan calls `name`. */
  clientName: (name: string) => string;
  /** The name of a field that only the plan asks for. */
  hiddenName: string;
}

function isConditional(selection: SelectionNode): boolean {
  return selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include') === true;
}

/** Tells whether something of a selection is asked for whatever the conditions say. */
function createSureness(document: DocumentNode): (selectionSet: SelectionSetNode) => boolean {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  const known = new Map<SelectionSetNode, boolean>();
  const isSure = (selectionSet: SelectionSetNode): boolean => {
    let sure = known.get(selectionSet);
    if (sure === undefined) {
      sure = selectionSet.selections.some((selection) => {
        if (isConditional(selection)) return false;
        if (selection.kind === Kind.FIELD) return true;
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection.selectionSet
            : fragments.get(selection.name.value);
        return inner !== undefined && isSure(inner);
      });
      known.set(selectionSet, sure);
    }
    return sure;
  };
  return isSure;
}

/** Names for the plan that are no name of the document. */
class FreshNames {
  readonly #taken = new Set<string>();
  readonly #clientNames = new Map<string, string>();

  constructor(document: DocumentNode) {
    visit(document, {
      Field: ({ alias, name }) => {
        this.#taken.add((alias ?? name).value);
      },
    });
  }

  fresh(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name)) name += '_';
    return name;
  }

  /** The same for each alias, whatever it stands for: where two could be merged, they still can. */
  forAlias(alias: string): string {
    const name = this.fresh(`alias_${alias}`);
    this.#clientNames.set(name, alias);
    return name;
  }

  clientName(name: string): string {
    return this.#clientNames.get(name) ?? name;
  }
}

/**
 * Writes an operation so that its plan gives what the client asked for:
 * - An alias that is the name of a field, or begins as the language's own names do, becomes another: the planner asks for
 *   keys and `__typename` under their own names, and `{ person { id: name age } }` would bring the id as `id`.
 * - An object of which every field is under a condition is asked for its type as well: the planner leaves it out with
 *   the last of its fields, and `{ person { name @include(if: false) } }` would bring null in place of `{}`.
 */
export function planDocument(document: DocumentNode, fieldNames: ReadonlySet<string>): PlannedDocument {
  const names = new FreshNames(document);
  const hiddenName = names.fresh('hidden_typename');
  const isSure = createSureness(document);
  const isTaken = (alias: string) => alias.startsWith('__') || fieldNames.has(alias);

  const withOwnAlias = (field: FieldNode): FieldNode => {
    const { alias, name } = field;
    if (alias === undefined || alias.value === name.value || !isTaken(alias.value)) return field;
    return { ...field, alias: { ...alias, value: names.forAlias(alias.value) } };
  };
  const hidden: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: hiddenName },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  const planned = visit(document, {
    Field: (field) => {
      const { selectionSet, ...rest } = withOwnAlias(field);
      if (selectionSet === undefined || isSure(selectionSet)) return { ...rest, selectionSet };
      const selections = [...selectionSet.selections, hidden];
      return { ...rest, selectionSet: { ...selectionSet, selections } };
    },
  });
  return { document: planned, clientName: (name) => names.clientName(name), hiddenName };
}
