import { pino } from 'pino';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createDatabase } from '../src/database/database.ts';
import { createConsumer, createPageFetcher, eventsMigration } from '../src/events/events.ts';
import type { EventHandler, EventTables } from '../src/events/events.ts';
import { createSignedGet } from '../src/hop/hop.ts';
import { createLogger } from '../src/service/service.ts';
import { createTestDatabase, createTestFeed, serveTestFeed, testHopKey } from '../src/testing/testing.ts';
import type { TestFeed, TestFeedServer } from '../src/testing/testing.ts';

const notThereYet = ['info', 'the feed is not there yet: its service may be starting too'];
const followed = ['info', 'the feed is followed'];
const lost = ['warn', 'the feed cannot be followed now'];
const followedAgain = ['info', 'the feed is followed again'];

/** A follower waits longer from look to look. */
const patient = { timeout: 10_000 };

let feed: TestFeed;
let peer: TestFeedServer;
let isPeerUp: boolean;
let secondsOfProcess: number;

beforeEach(async () => {
  secondsOfProcess = 1;
  vi.spyOn(process, 'uptime').mockImplementation(() => secondsOfProcess);
  feed = createTestFeed();
  peer = await serveTestFeed((after) => (isPeerUp ? feed.pageAfter(after) : null));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await peer.stop();
});

/** Starts to follow the peer. Gives what is said about it from then on: level and message. */
async function follow(handlers: Record<string, EventHandler<EventTables>> = {}): Promise<string[][]> {
  const said: string[][] = [];
  const log = createLogger(
    { service: 'kit', level: 'info' },
    {
      write(line) {
        const { level, msg } = JSON.parse(line) as { level: number; msg: string };
        said.push([pino.levels.labels[level] ?? '', msg]);
      },
    },
  );
  const testDatabase = await createTestDatabase({
    name: 'kit',
    migrations: { '0001-events': eventsMigration },
  });
  const database = createDatabase<EventTables>({ url: testDatabase.url });
  const get = createSignedGet({ name: 'peer', url: peer.url, key: testHopKey });
  const fetchPage = createPageFetcher(get, { types: Object.keys(handlers) });
  const consumer = createConsumer({ db: database.db, feed: 'peer', fetchPage, handlers, log });
  onTestFinished(async () => {
    await consumer.stop();
    await database.destroy();
    await testDatabase.drop();
  });
  consumer.start();
  return said;
}

/** Until the follower has gone on to another look: what it had to say of those before is said. */
async function lookTwiceMore(): Promise<void> {
  const before = peer.asked.length;
  await expect.poll(() => peer.asked.length, patient).toBeGreaterThanOrEqual(before + 2);
}

test('a peer that is not up yet while the process starts is waited for without a warning', async () => {
  isPeerUp = false;
  const said = await follow();
  await lookTwiceMore();
  expect(said).toEqual([notThereYet]);
  isPeerUp = true;
  await expect.poll(() => said, patient).toEqual([notThereYet, followed]);
});

test('a peer that does not come while the process starts is warned of, once', async () => {
  isPeerUp = false;
  const said = await follow();
  await expect.poll(() => said, patient).toEqual([notThereYet]);
  secondsOfProcess = 60;
  await lookTwiceMore();
  expect(said).toEqual([notThereYet, lost]);
});

test('a peer that was there and went is warned of at once, also while the process starts', async () => {
  isPeerUp = true;
  const said = await follow();
  await lookTwiceMore();
  expect(said).toEqual([]);
  isPeerUp = false;
  await expect.poll(() => said, patient).toEqual([lost]);
  isPeerUp = true;
  await expect.poll(() => said, patient).toEqual([lost, followedAgain]);
});

test('an event that cannot be applied is warned of at once, also while the process starts', async () => {
  isPeerUp = true;
  feed.tell('thing.happened', {});
  const said = await follow({ 'thing.happened': () => Promise.reject(new Error('cannot')) });
  await expect.poll(() => said, patient).toContainEqual(lost);
  expect(said).not.toContainEqual(notThereYet);
});
