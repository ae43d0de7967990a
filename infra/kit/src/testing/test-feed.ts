import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConsumer, type ConsumerOptions } from '../events/consumer.ts';
import type { FeedEvent, FeedPage } from '../events/outbox.ts';
import type { EventTables } from '../events/tables.ts';
import { newId } from '../graphql/type-id.ts';
import { closeAtOnce } from '../service/close-at-once.ts';

/** The feed of a peer of which there are only the events that a test tells. */
export interface TestFeed {
  readonly tell: (type: string, payload: Record<string, unknown>, at?: Date) => void;
  /** All that was told after a cursor. */
  readonly pageAfter: (after: string) => FeedPage;
}

export function createTestFeed(): TestFeed {
  const events: FeedEvent[] = [];
  return {
    tell(type, payload, at = new Date()) {
      const cursor = `0.${events.length + 1}`;
      const occurredAt = at.toISOString();
      events.push({ cursor, id: newId('evt'), type, subject: '', payload, occurredAt });
    },
    pageAfter: (after) => ({
      events: events.slice(Number(after.split('.')[1])),
      cursor: `0.${events.length}`,
    }),
  };
}

/** A peer that is followed when it has told something, and not before. */
export interface TestPeer {
  /** Gives how many events were consumed, as `drain` does. */
  readonly tell: (type: string, payload: Record<string, unknown>, at?: Date) => Promise<number>;
  readonly drain: () => Promise<number>;
}

/** A peer's feed in memory, with the service's own consumer of it. */
export function createTestPeer<Tables extends EventTables>(
  options: Omit<ConsumerOptions<Tables>, 'fetchPage'>,
): TestPeer {
  const feed = createTestFeed();
  const consumer = createConsumer({
    ...options,
    fetchPage: (after) => Promise.resolve(feed.pageAfter(after)),
  });
  return {
    tell(...event) {
      feed.tell(...event);
      return consumer.drain();
    },
    drain: () => consumer.drain(),
  };
}

export interface TestFeedServer {
  url: string;
  /** What the followers have asked for, one by one: the types, as they name them, and whether the request was signed. */
  asked: { types: string; isSigned: boolean }[];
  stop(): Promise<void>;
}

/** A feed over HTTP, as a follower in the service finds it: each page at once, and 503 where there is none. */
export async function serveTestFeed(pageAfter: (after: string) => FeedPage | null): Promise<TestFeedServer> {
  const asked: TestFeedServer['asked'] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://peer');
    asked.push({
      types: searchParams.get('types') ?? '',
      isSigned: request.headers['banyan-signature'] !== undefined,
    });
    const page = pageAfter(searchParams.get('after') ?? '0.0');
    if (page === null) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () => closeAtOnce(server),
  };
}
