import { createHash } from 'node:crypto';
import type { RedisConnection } from '@banyan/kit/cache';
import type { Logger } from '@banyan/kit/service';
import type { Config } from '../config.ts';
import type { EdgeContext } from '../context.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import type { RunOperation } from '../graph/run-operation.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { createAnswers, type Answers } from './answers.ts';
import { followChanges, type ChangeFeed } from './change-feed.ts';
import { Copies } from './copies.ts';
import { createFetchCopies } from './fetch-copies.ts';
import { RecentWriters } from './recent-writers.ts';

/** Shares of the memory: fetches are useful to more requests than whole answers. */
const answersShare = 1 / 4;

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
  /** Another version of the graph begins to answer. */
  forget(): void;
  start(): void;
  stop(): Promise<void>;
}

/** Every answer is read anew. */
const noCache: Cache = {
  recentWriters: new RecentWriters(),
  beforeSubgraphs: (call) => call,
  beforeGraph: (run) => run,
  forget: () => undefined,
  start: () => undefined,
  stop: () => Promise.resolve(),
};

/** The cache, or none where the settings say so. */
export function openCache(options: CacheOptions): Cache {
  return options.config.CACHE ? createCache(options) : noCache;
}

function createCache({ config, redis, supergraphSdl, metrics, log }: CacheOptions): Cache {
  const { SUBGRAPH_URLS: urlsOf, CACHE_MAX_BYTES: maxBytes } = config;
  const [key] = config.HOP_KEYS;
  const feeds = new Map<string, ChangeFeed>();
  for (const [subgraph, urls] of Object.entries(urlsOf)) {
    const onChanges = (count: number) => metrics.changes.inc({ subgraph }, count);
    feeds.set(subgraph, followChanges({ subgraph, urls, key, log, onChanges }));
  }
  const version = createHash('sha256').update(supergraphSdl).digest('base64url').slice(0, 12);
  const copies = new Copies({
    redis,
    prefix: `edge:${version}:`,
    maxBytes: Math.ceil(maxBytes * (1 - answersShare)),
    changesOf: (subgraph) => feeds.get(subgraph),
    onBytes: (bytes) => metrics.copyBytes.set(bytes),
  });
  let answers: Answers | undefined;

  return {
    recentWriters: new RecentWriters(),
    beforeSubgraphs: (call) =>
      createFetchCopies({
        copies,
        call,
        count: (outcome, by) => metrics.copies.inc({ of: 'fetch', outcome }, by),
      }),
    beforeGraph(run) {
      answers = createAnswers({
        run,
        copies,
        maxBytes: Math.ceil(maxBytes * answersShare),
        count: (outcome) => metrics.copies.inc({ of: 'answer', outcome }),
      });
      return answers.run;
    },
    forget: () => answers?.clear(),
    start() {
      for (const feed of feeds.values()) feed.start();
    },
    async stop() {
      await Promise.all([...feeds.values()].map((feed) => feed.stop()));
    },
  };
}
