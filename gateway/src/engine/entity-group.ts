import type { Target } from './error-places.ts';
import type { Fetch } from './fetch.ts';

/** Entities that go to a subgraph in one operation. */
export class EntityGroup {
  readonly fetch: Fetch;
  /** For each representation, the objects that it stands for. */
  readonly targets: Target[][] = [];
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  readonly #contextual: string;
  readonly #indexByText = new Map<string, number>();

  /** @param contextual JSON text of the variables whose values come from above the entities. */
  constructor(fetch: Fetch, contextual: string) {
    this.fetch = fetch;
    this.#contextual = contextual;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.resolve = resolve;
    this.reject = reject;
  }

  /** Adds an object under the JSON text of its representation. */
  add(representation: string, target: Target): void {
    const index = this.#indexByText.get(representation);
    if (index !== undefined) {
      this.targets[index]?.push(target);
      return;
    }
    this.#indexByText.set(representation, this.targets.length);
    this.targets.push([target]);
  }

  /** JSON texts, in the order of `targets`. */
  get representations(): string[] {
    return [...this.#indexByText.keys()];
  }

  /** JSON text of the members of `variables`. */
  writeVariables(others: string): string {
    return [`"representations":[${this.representations.join(',')}]`, others, this.#contextual]
      .filter((text) => text !== '')
      .join(',');
  }
}
