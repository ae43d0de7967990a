import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** How much a selection asks for, with its fragments expanded. */
export interface Measure {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
  /** Fields of the first level. */
  topFields: number;
}

/** Above this nobody counts exactly: a fragment bomb doubles with each level. */
const ceiling = 1_000_000_000;
const nothing: Measure = { depth: 0, fields: 0, aliases: 0, directives: 0, topFields: 0 };

function add(sum: Measure, more: Measure): void {
  sum.fields = Math.min(ceiling, sum.fields + more.fields);
  sum.aliases = Math.min(ceiling, sum.aliases + more.aliases);
  sum.directives = Math.min(ceiling, sum.directives + more.directives);
}

/**
 * Measures selections in time that grows with the document, not with what it expands to: each fragment is measured once.
 * A fragment that spreads itself counts as empty at that place; validation refuses it afterwards. Recursion is as deep as
 * the document is long, which `maxTokens` bounds.
 */
export function createMeasurer(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  onField: (field: FieldNode) => void,
): (selectionSet: SelectionSetNode) => Measure {
  const measured = new Map<string, Measure>();

  function measureFragment(name: string): Measure {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    measured.set(name, nothing);
    const measure = measureSelections(fragment.selectionSet);
    measure.directives += fragment.directives?.length ?? 0;
    measured.set(name, measure);
    return measure;
  }

  function measureField(field: FieldNode): Measure {
    onField(field);
    const below = field.selectionSet === undefined ? nothing : measureSelections(field.selectionSet);
    const own = {
      depth: 1 + below.depth,
      fields: 1,
      aliases: field.alias === undefined ? 0 : 1,
      directives: 0,
      topFields: 1,
    };
    add(own, below);
    return own;
  }

  function measureSelections(selectionSet: SelectionSetNode): Measure {
    const sum: Measure = { ...nothing };
    for (const selection of selectionSet.selections) {
      const part =
        selection.kind === Kind.FIELD
          ? measureField(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? measureSelections(selection.selectionSet)
            : measureFragment(selection.name.value);
      add(sum, part);
      sum.depth = Math.max(sum.depth, part.depth);
      sum.topFields = Math.min(ceiling, sum.topFields + part.topFields);
      sum.directives = Math.min(ceiling, sum.directives + (selection.directives?.length ?? 0));
    }
    return sum;
  }

  return measureSelections;
}
