import { LRUCache } from 'lru-cache';
import { comparePositions, type Position } from './position.ts';

/** Objects whose latest change is remembered; of those forgotten every copy from before is given up. */
const maxObjects = 100_000;

/**
 * The latest change of each object of one subgraph, since this process began to listen. What it does not know it takes for
 * changed.
 */
export class ChangeLog {
  /** Copies from before this are given up. */
  #floor: Position;
  #position: Position;
  #news: Position;
  readonly #changes = new LRUCache<string, Position>({
    max: maxObjects,
    dispose: (position, _object, reason) => {
      if (reason === 'evict' && comparePositions(position, this.#floor) > 0) this.#floor = position;
    },
  });

  /** Begins to listen at a position: what was before is unknown. */
  constructor(start: Position) {
    this.#floor = start;
    this.#position = start;
    this.#news = start;
  }

  /** All changes up to here are known. It moves on with every transaction on the server of the database, news or not. */
  get position(): Position {
    return this.#position;
  }

  /** Where the latest change was. As long as it is the same object, whatever was unchanged is so still. */
  get news(): Position {
    return this.#news;
  }

  /** Takes note of a change of some objects. */
  note(objects: readonly string[], at: Position): void {
    this.#news = at;
    for (const object of objects) this.#changes.set(object, at);
  }

  advance(to: Position): void {
    this.#position = to;
  }

  /** Whether none of the objects has changed after a position. */
  isUnchanged(objects: Iterable<string>, since: Position): boolean {
    if (comparePositions(since, this.#floor) < 0) return false;
    for (const object of objects) {
      const changedAt = this.#changes.get(object);
      if (changedAt !== undefined && comparePositions(changedAt, since) > 0) return false;
    }
    return true;
  }
}
