import type { EntityGroup } from './entity-group.ts';

/**
 * What one run has asked of entities by fetches that its plan repeats further down: the keeper of a circle may have given as
 * well, and is then known by name already.
 */
export class AskedEntities {
  readonly #groups = new Map<string, EntityGroup[]>();

  /** @param key of what is asked of the group's entities. */
  add(key: string, group: EntityGroup): void {
    const groups = this.#groups.get(key);
    if (groups === undefined) this.#groups.set(key, [group]);
    else groups.push(group);
  }

  /** The last group that asked, or still asks, the same of this entity. */
  find(key: string, representation: string): EntityGroup | undefined {
    return this.#groups.get(key)?.findLast((group) => group.has(representation));
  }
}
