import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RedisConnection } from '@banyan/kit/cache';
import type { Answer } from '../graph/run-operation.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { ChangeLog } from './change-log.ts';
import { Copies } from './copies.ts';
import { Flights } from './flights.ts';
import type { KeptAnswer } from './kept-answer.ts';
import { textBytes } from './memory.ts';
import { SharedRuns } from './shared-runs.ts';

/** Shares of the memory: fetches are useful to more requests than whole answers. */
const answersShare = 1 / 4;

/**
 * What is kept, and what is being read, for one version of the graph. Another version gets a shelf of its own: whatever
 * began for the one before is put on the shelf that it began with, where nobody looks any more.
 */
export interface Shelf {
  readonly copies: Copies;
  readonly flights: Flights;
  readonly answers: LRUCache<string, KeptAnswer>;
  readonly runs: SharedRuns<Answer>;
  /** What has changed in a subgraph; undefined when nobody knows, and nothing is taken from the shelf or put there. */
  readonly changesOf: (subgraph: string) => ChangeLog | undefined;
}

export interface ShelfOptions {
  readonly redis: RedisConnection;
  readonly supergraphSdl: string;
  /** Of memory, for everything on it. */
  readonly maxBytes: number;
  readonly feedOf: (subgraph: string) => ChangeFeed | undefined;
  /** Called when a stranger shares the run of another. */
  readonly onShared: () => void;
}

/** Of copies as they are written; to be changed with it. */
const format = 2;

/** Nobody finds under the keys of one version what was kept for another or written otherwise, in Redis either. */
function prefixOf(supergraphSdl: string): string {
  const version = createHash('sha256').update(`${format}\n${supergraphSdl}`).digest('base64url').slice(0, 12);
  return `edge:${version}:`;
}

/** An empty shelf; other gateways that serve the same version share its copies of fetches. */
export function openShelf({ redis, supergraphSdl, maxBytes, feedOf, onShared }: ShelfOptions): Shelf {
  const changesOf = (subgraph: string) => feedOf(subgraph)?.current();
  return {
    changesOf,
    copies: new Copies({
      redis,
      prefix: prefixOf(supergraphSdl),
      maxBytes: Math.ceil(maxBytes * (1 - answersShare)),
      changesOf,
    }),
    flights: new Flights(),
    answers: new LRUCache({
      maxSize: Math.ceil(maxBytes * answersShare),
      sizeCalculation: ({ bytes }, key) => bytes + textBytes(key),
    }),
    runs: new SharedRuns(onShared),
  };
}
