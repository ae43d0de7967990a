import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** The response names that the client asked for below each other, whatever the type. */
export class ClientPaths {
  readonly #clientName: (name: string) => string;
  readonly #below = new Map<string, ClientPaths>();

  /** @param clientName what the client calls what the plan calls `name`. */
  constructor(clientName: (name: string) => string) {
    this.#clientName = clientName;
  }

  /** Adds a selection. Fragments cannot come back to themselves: the document was validated. */
  add(selectionSet: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const below = this.#below.get(name) ?? new ClientPaths(this.#clientName);
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

  /** The beginning of a path as far as the client asked for it, in the client's names: what the plan fetches beside that is nobody's business. */
  cut(path: readonly (string | number)[]): readonly (string | number)[] {
    let below = this.#below;
    const own: (string | number)[] = [];
    for (const step of path) {
      if (typeof step === 'number') {
        own.push(step);
        continue;
      }
      const next = below.get(step);
      if (next === undefined) return own;
      own.push(this.#clientName(step));
      below = next.#below;
    }
    return own;
  }
}
