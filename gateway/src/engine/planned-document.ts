import { Kind, visit, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import { isCondition } from './conditions.ts';

/** A client's operation as it is planned. */
export interface PlannedDocument {
  document: DocumentNode;
  /** What the client calls what the plan calls `name`. */
  clientName: (name: string) => string;
  /** The name of a field that only the plan asks for. */
  hiddenName: string;
}

/** Names that plans use for purposes of their own. */
export interface PlanNames {
  /** Of all fields, also those that clients do not see. */
  fieldNames: ReadonlySet<string>;
  /** Of fields that a subgraph requires with arguments of its own choice. */
  requiredWithArguments: ReadonlySet<string>;
}

/** Reads from a supergraph which fields a subgraph requires with arguments. */
export function findRequiredWithArguments(supergraphSdl: string): Set<string> {
  const required = [...supergraphSdl.matchAll(/requires: "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text);
  return new Set(required.flatMap((text) => [...text.matchAll(/(\w+)\s*\(/g)].map(([, name = '']) => name)));
}

/** Tells whether something of a selection is asked for in every request. */
function createAskedCheck(document: DocumentNode): (selectionSet: SelectionSetNode) => boolean {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  const known = new Map<SelectionSetNode, boolean>();
  const isAsked = (selectionSet: SelectionSetNode): boolean => {
    let asked = known.get(selectionSet);
    if (asked === undefined) {
      asked = selectionSet.selections.some((selection) => {
        if (selection.directives?.some(isCondition) === true) return false;
        if (selection.kind === Kind.FIELD) return true;
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection.selectionSet
            : fragments.get(selection.name.value);
        return inner !== undefined && isAsked(inner);
      });
      known.set(selectionSet, asked);
    }
    return asked;
  };
  return isAsked;
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
 * - So does the name of a field that a subgraph requires with arguments: one fetch would ask it with both.
 * - An object of which conditions may leave out every field gets its type asked: the planner leaves it out with the last of its
 *   fields, and `{ person { name @include(if: false) } }` would bring null in place of `{}`.
 */
export function planDocument(document: DocumentNode, planNames: PlanNames): PlannedDocument {
  const names = new FreshNames(document);
  const hiddenName = names.fresh('hidden_typename');
  const isAsked = createAskedCheck(document);
  const isTaken = (responseName: string, fieldName: string) =>
    responseName === fieldName
      ? planNames.requiredWithArguments.has(fieldName)
      : responseName.startsWith('__') || planNames.fieldNames.has(responseName);

  const withOwnAlias = (field: FieldNode): FieldNode => {
    const { value } = field.alias ?? field.name;
    if (!isTaken(value, field.name.value)) return field;
    return { ...field, alias: { kind: Kind.NAME, value: names.forAlias(value) } };
  };
  const hidden: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: hiddenName },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  const planned = visit(document, {
    Field: (field) => {
      const { selectionSet, ...rest } = withOwnAlias(field);
      if (selectionSet === undefined || isAsked(selectionSet)) return { ...rest, selectionSet };
      const selections = [...selectionSet.selections, hidden];
      return { ...rest, selectionSet: { ...selectionSet, selections } };
    },
  });
  return { document: planned, clientName: (name) => names.clientName(name), hiddenName };
}
