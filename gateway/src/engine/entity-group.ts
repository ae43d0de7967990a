import type { Target } from './error-places.ts';
import type { Fetch } from './fetch.ts';
import { isJsonObject, type JsonObject } from './json.ts';

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
  #brought: readonly unknown[] | null = null;

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

  /** Whether this representation is among what is asked. */
  has(representation: string): boolean {
    return this.#indexByText.has(representation);
  }

  /** Whether no object can be added any more. */
  get isOver(): boolean {
    return this.#brought !== null;
  }

  /** @param entities what came without an error, by representation. */
  end(entities: readonly unknown[]): void {
    this.#brought = entities;
  }

  /** What came for a representation; null for nothing. */
  brought(representation: string): JsonObject | null {
    const index = this.#indexByText.get(representation) ?? -1;
    const entity = this.#brought?.[index];
    return isJsonObject(entity) ? entity : null;
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
