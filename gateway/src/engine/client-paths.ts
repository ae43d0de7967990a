import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** The response names that the client asked for below each other, whatever the type. */
export class ClientPaths {
  readonly #below = new Map<string, ClientPaths>();

  /** Adds a selection. Fragments cannot come back to themselves: the document was validated. */
  add(selectionSet: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const below = this.#below.get(name) ?? new ClientPaths();
        this.#below.set(name, below);
        if (selection.selectionSet !== undefined) below.add(selection.selectionSet, fragments);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.add(selection.selectionSet, fragments);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) this.add(fragment.selectionSet, fragments);
      }
    }
  }

  /** The beginning of a path as far as the client asked for it: what the plan fetches beside that is nobody's business. */
  cut(path: readonly (string | number)[]): readonly (string | number)[] {
    let below = this.#below;
    for (const [index, step] of path.entries()) {
      if (typeof step === 'number') continue;
      const next = below.get(step);
      if (next === undefined) return path.slice(0, index);
      below = next.#below;
    }
    return path;
  }
}
