import type { RedisConnection } from '@banyan/kit/cache';
import { LRUCache } from 'lru-cache';
import type { ChangeLog } from './change-log.ts';
import { readCopy, sizeOf, writeCopy, type Copy } from './copy.ts';

/** Characters of a copy that goes to Redis. */
const maxSharedCharacters = 100_000;

export interface CopiesOptions {
  readonly redis: RedisConnection;
  /** Before every key in Redis; another version of the graph has another one. */
  readonly prefix: string;
  /** Of the copies in this process's memory, together. */
  readonly maxBytes: number;
  /** What has changed in a subgraph; undefined when nobody knows, and copies are neither taken nor given. */
  readonly changesOf: (subgraph: string) => ChangeLog | undefined;
}

/**
 * Copies of what subgraphs say to strangers: in memory, and in Redis for the other gateways. A copy is given out only while
 * its subgraph can be heard, and only if nothing that it shows has changed since it was read. Redis is never believed to
 * be up to date: every copy carries its own position, which is held against the changes that this process has heard. So
 * Redis may lose copies, keep old ones or answer late, and no answer is wrong.
 */
export class Copies {
  readonly #options: CopiesOptions;
  readonly #memory: LRUCache<string, Copy>;

  constructor(options: CopiesOptions) {
    this.#options = options;
    this.#memory = new LRUCache({ maxSize: options.maxBytes, sizeCalculation: sizeOf });
  }

  /** Of memory, that they take. */
  get bytes(): number {
    return this.#memory.calculatedSize;
  }

  /** Whether a copy may be shown now. */
  isGood(copy: Copy): boolean {
    return isGoodAt(copy, this.#options.changesOf(copy.subgraph), Date.now());
  }

  /** The good copies of some keys, undefined where there is none. */
  async find(subgraph: string, keys: readonly string[]): Promise<(Copy | undefined)[]> {
    const changes = this.#options.changesOf(subgraph);
    const nowMs = Date.now();
    const found = keys.map((key) => this.#inMemory(key, changes, nowMs));
    const missing = keys.filter((_key, index) => found[index] === undefined);
    if (missing.length === 0) return found;
    const { redis, prefix } = this.#options;
    const written = await redis.getMany(missing.map((key) => prefix + key));
    if (written === null) return found;
    const shared = new Map<string, Copy>();
    for (const [index, key] of missing.entries()) {
      const text = written[index];
      const copy = typeof text === 'string' ? readCopy(subgraph, text) : undefined;
      if (copy === undefined || !this.isGood(copy)) continue;
      this.#memory.set(key, copy);
      shared.set(key, copy);
    }
    return keys.map((key, index) => found[index] ?? shared.get(key));
  }

  /** Keeps a copy if it is good: what it shows may have changed while it was read. */
  put(key: string, copy: Copy): void {
    if (!this.isGood(copy)) return;
    this.#memory.set(key, copy);
    const written = writeCopy(copy);
    if (written.length > maxSharedCharacters) return;
    const seconds = Math.max(1, Math.ceil((copy.expiresAtMs - Date.now()) / 1_000));
    void this.#options.redis.set(this.#options.prefix + key, written, seconds);
  }

  #inMemory(key: string, changes: ChangeLog | undefined, nowMs: number): Copy | undefined {
    const copy = this.#memory.get(key);
    if (copy === undefined || isGoodAt(copy, changes, nowMs)) return copy;
    this.#memory.delete(key);
    return undefined;
  }
}

/** Whether a copy may be shown, by what is known of its subgraph. Its objects are looked at once for each news of that. */
function isGoodAt(copy: Copy, changes: ChangeLog | undefined, nowMs: number): boolean {
  // What says of nothing that it shows it could never be told that it has changed.
  if (changes === undefined || copy.objects.length === 0 || copy.expiresAtMs <= nowMs) return false;
  if (copy.lookedAtNews === changes.news) return true;
  if (!changes.isUnchanged(copy.objects, copy.position)) return false;
  copy.lookedAtNews = changes.news;
  return true;
}
