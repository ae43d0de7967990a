import { createHash } from 'node:crypto';

/** A stream of chance that is the same on every machine for the same seed. Not for secrets. */
export interface Random {
  /** In [0, 1). */
  float(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element; throws on an empty list. */
  pick<Item>(items: readonly Item[]): Item;
  /** One element by weight; weights need not sum to 1. Throws when none is positive. */
  weighted<Item>(entries: readonly (readonly [item: Item, weight: number])[]): Item;
  /** A shuffled copy. */
  shuffle<Item>(items: readonly Item[]): Item[];
  /** Up to `count` different elements, in random order. */
  sample<Item>(items: readonly Item[], count: number): Item[];
}

/**
 * Chance from a text. Name the stream after what it decides (`createRandom('person:7')`): then a new decision elsewhere
 * leaves this one as it was.
 */
export function createRandom(seed: string): Random {
  const next = sfc32(createHash('sha256').update(seed).digest());
  const float = () => next() / 2 ** 32;
  const int = (min: number, max: number) => min + Math.floor(float() * (max - min + 1));

  function pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error('cannot pick from an empty list');
    return items[int(0, items.length - 1)] as Item;
  }

  function weighted<Item>(entries: readonly (readonly [Item, number])[]): Item {
    let left = float() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of entries) {
      left -= weight;
      if (left < 0) return item;
    }
    throw new Error('cannot choose without a positive weight');
  }

  function shuffle<Item>(items: readonly Item[]): Item[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = int(0, last);
      [result[last], result[other]] = [result[other] as Item, result[last] as Item];
    }
    return result;
  }

  return {
    float,
    int,
    pick,
    weighted,
    shuffle,
    chance: (probability) => float() < probability,
    sample: (items, count) => shuffle(items).slice(0, count),
  };
}

/** Chris Doty-Humphrey's "small fast counting" generator, 32 bits (PractRand). */
function sfc32(seed: Buffer): () => number {
  let a = seed.readInt32LE(0);
  let b = seed.readInt32LE(4);
  let c = seed.readInt32LE(8);
  let counter = 1;
  return () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    return result >>> 0;
  };
}
