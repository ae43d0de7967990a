import type { RedisConnection } from '@banyan/kit/cache';
import type { Logger } from '@banyan/kit/service';
import type { Config } from '../config.ts';
import type { EdgeContext } from '../context.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import type { RunOperation } from '../graph/run-operation.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { createAnswers } from './answers.ts';
import { followChanges, type ChangeFeed } from './change-feed.ts';
import { createFetchCopies } from './fetch-copies.ts';
import { RecentWriters } from './recent-writers.ts';
import { openShelf, type Shelf } from './shelf.ts';

export interface CacheOptions {
  readonly config: Config;
  readonly redis: RedisConnection;
  readonly supergraphSdl: string;
  readonly metrics: EdgeMetrics;
  readonly log: Logger;
}

/** Copies of what is the same for everybody, at two places: whole answers to strangers, and the fetches below. */
export interface Cache {
  readonly recentWriters: RecentWriters;
  /** Puts copies of fetches before the subgraphs. */
  beforeSubgraphs(call: CallSubgraph<EdgeContext>): CallSubgraph<EdgeContext>;
  /** Puts shared and kept answers before the graph. */
  beforeGraph(run: RunOperation): RunOperation;
  /** Another version of the graph has begun to answer: it is told nothing that was kept for the one before. */
  turnTo(supergraphSdl: string): void;
  start(): void;
  stop(): Promise<void>;
}

/** Every answer is read anew. */
const noCache: Cache = {
  recentWriters: new RecentWriters(),
  beforeSubgraphs: (call) => call,
  beforeGraph: (run) => run,
  turnTo: () => undefined,
  start: () => undefined,
  stop: () => Promise.resolve(),
};

/** The cache, or none where the settings say so. */
export function openCache(options: CacheOptions): Cache {
  return options.config.CACHE ? createCache(options) : noCache;
}

function createCache({ config, redis, supergraphSdl, metrics, log }: CacheOptions): Cache {
  const [key] = config.HOP_KEYS;
  const feeds = new Map<string, ChangeFeed>();
  for (const [subgraph, urls] of Object.entries(config.SUBGRAPH_URLS)) {
    const onChanges = (count: number) => metrics.changes.inc({ subgraph }, count);
    feeds.set(subgraph, followChanges({ subgraph, urls, key, log, onChanges }));
  }
  const open = (sdl: string): Shelf =>
    openShelf({
      redis,
      supergraphSdl: sdl,
      maxBytes: config.CACHE_MAX_BYTES,
      feedOf: (subgraph) => feeds.get(subgraph),
      onShared: () => metrics.copies.inc({ of: 'answer', outcome: 'shared' }),
    });
  let current = open(supergraphSdl);
  const shelf = () => current;
  metrics.watchCopyBytes(() => ({
    fetch: current.copies.bytes,
    answer: current.answers.calculatedSize,
  }));

  return {
    recentWriters: new RecentWriters(),
    beforeSubgraphs: (call) =>
      createFetchCopies({
        shelf,
        call,
        count: (outcome, by) => metrics.copies.inc({ of: 'fetch', outcome }, by),
      }),
    beforeGraph: (run) =>
      createAnswers({
        shelf,
        run,
        count: (outcome) => metrics.copies.inc({ of: 'answer', outcome }),
      }),
    turnTo(sdl) {
      current = open(sdl);
    },
    start() {
      for (const feed of feeds.values()) feed.start();
    },
    async stop() {
      await Promise.all([...feeds.values()].map((feed) => feed.stop()));
    },
  };
}
