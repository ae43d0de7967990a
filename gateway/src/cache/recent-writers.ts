import { LRUCache } from 'lru-cache';

/** How long a person who has changed something reads past all copies, in milliseconds: longer than a change takes to be told. */
const freshForMs = 5_000;
const maxWriters = 100_000;

/** People who have just changed something. They see their own change on the next read, whatever the copies say. */
export class RecentWriters {
  readonly #writers = new LRUCache<string, true>({ max: maxWriters, ttl: freshForMs });

  note(subject: string | null): void {
    if (subject !== null) this.#writers.set(subject, true);
  }

  has(subject: string | null): boolean {
    return subject !== null && this.#writers.has(subject);
  }
}
