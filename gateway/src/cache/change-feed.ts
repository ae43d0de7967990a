import { setTimeout as delay } from 'node:timers/promises';
import { anyKey, createPageFetcher, dependency, feedEnd } from '@banyan/kit/events';
import { createSignedGet, type HopKey } from '@banyan/kit/hop';
import type { Logger } from '@banyan/kit/service';
import { ChangeLog } from './change-log.ts';
import { parsePosition } from './position.ts';

/** How long the subgraph holds a question for news open. It is also the heartbeat that says that nothing has changed. */
const waitMs = 1_000;
/** After this long without an answer nobody knows what has changed, and no copy is given out. */
const maxSilenceMs = 3_000;
/** After this long without an answer the subgraph may have forgotten what it had to tell. */
const maxGapMs = 3_600_000;
const pauseMs = 200;

export interface ChangeFeedOptions {
  readonly subgraph: string;
  /** Its processes; one after the other is asked until one answers. */
  readonly urls: readonly string[];
  readonly key: HopKey;
  readonly log: Logger;
  /** Called with the number of changes of each page. */
  readonly onChanges?: (count: number) => void;
}

/** What has changed in one subgraph, as far as it tells. */
export interface ChangeFeed {
  /** The changes; undefined as long as the subgraph cannot be heard, since then nobody knows what has changed. */
  current(): ChangeLog | undefined;
  start(): void;
  stop(): Promise<void>;
}

/** Follows the feed by which a subgraph says which of its objects look different now. */
export function followChanges(options: ChangeFeedOptions): ChangeFeed {
  const { subgraph, urls, log } = options;
  const fetchers = urls.map((url) =>
    createPageFetcher(createSignedGet({ name: subgraph, url, key: options.key }), {
      path: '/changes',
      waitMs,
    }),
  );
  const stopping = new AbortController();
  let running = Promise.resolve();
  let changes: ChangeLog | undefined;
  let cursor = feedEnd;
  let heardAtMs = 0;
  let turn = 0;

  async function listen(): Promise<void> {
    const fetchPage = fetchers[turn % fetchers.length];
    if (fetchPage === undefined) return;
    if (performance.now() - heardAtMs > maxGapMs) {
      cursor = feedEnd;
      changes = undefined;
    }
    const page = await fetchPage(cursor, stopping.signal);
    const position = parsePosition(page.cursor);
    changes ??= new ChangeLog(position);
    for (const event of page.events) {
      const { type, subject, cursor: at } = event;
      changes.note([dependency(type, subject), dependency(type, anyKey)], parsePosition(at));
    }
    if (page.events.length > 0) options.onChanges?.(page.events.length);
    changes.advance(position);
    cursor = page.cursor;
    heardAtMs = performance.now();
  }

  async function loop(): Promise<void> {
    const { signal } = stopping;
    let isHeard = true;
    while (!signal.aborted) {
      try {
        await listen();
        if (!isHeard) log.info({ subgraph }, 'the changes of a subgraph are heard again');
        isHeard = true;
      } catch (error) {
        if (signal.aborted) return;
        turn += 1;
        if (isHeard)
          log.warn({ err: error, subgraph }, 'the changes of a subgraph cannot be heard; no copies');
        isHeard = false;
        await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    current: () => (performance.now() - heardAtMs <= maxSilenceMs ? changes : undefined),
    start() {
      running = loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
