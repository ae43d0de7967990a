import type { FeedEvent } from '@banyan/kit/events';
import { createDatabase } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import {
  createMutations,
  createTestDatabase,
  createTestPeer,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type Mutations,
  type TestSubgraph,
} from '@banyan/kit/testing';
import { seedDay } from '@banyan/seed';
import { createApp, type CirclesApp } from '../src/app.ts';
import { campaignsHandlers } from '../src/consumers/campaigns.ts';
import { coursesHandlers } from '../src/consumers/courses.ts';
import { usersHandlers } from '../src/consumers/users.ts';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { seedCircles } from '../src/seed/seed-circles.ts';

export interface CirclesUnderTest extends TestSubgraph, Mutations {
  app: CirclesApp;
  /** Lets a peer tell something, which is consumed when the promise resolves. */
  tell(
    feed: 'users' | 'campaigns' | 'courses',
    type: string,
    payload: Record<string, unknown>,
  ): Promise<void>;
  /** What the feed tells of these types; it waits for transactions that still run anywhere on the server, so poll. */
  told(...types: string[]): Promise<Pick<FeedEvent, 'type' | 'subject' | 'payload'>[]>;
  /** As anybody reads it. */
  memberCount(circleId: string): Promise<string>;
  /** A new circle and its id. */
  found(owner: { id: string }, wanted?: Record<string, unknown>): Promise<string>;
}

export const newPerson = () => ({ id: newId('usr') as string });

/** The circles subgraph on a database of its own, empty or with the seed data. */
export async function startCircles(options: { seeded?: boolean } = {}): Promise<CirclesUnderTest> {
  const database = await createTestDatabase({
    name: 'circles',
    migrations,
    ...(options.seeded === true && { seed: loadSeed, seedName: 'seeded' }),
  });
  const redisUrl = hasRedis() ? await testRedis() : undefined;
  const app = createApp(testConfig({ databaseUrl: database.url, redisUrl }));
  const running = await startTestSubgraph('circles', app);
  const mutations = createMutations(running, { leaveCircle: 'CircleInput' });
  const { db } = app.database;
  const { log } = app;
  const peers = {
    users: createTestPeer({ db, log, feed: 'users', handlers: usersHandlers }),
    campaigns: createTestPeer({ db, log, feed: 'campaigns', handlers: campaignsHandlers }),
    courses: createTestPeer({ db, log, feed: 'courses', handlers: coursesHandlers }),
  };
  return {
    ...running,
    ...mutations,
    app,
    async found(owner, wanted = {}) {
      const { circle, userErrors } = await mutations.act<{ circle: { id: string } | null }>(
        'createCircle',
        { ...aCircle, idempotencyKey: newId('key'), ...wanted },
        owner,
        'circle { id }',
      );
      if (circle === null) throw new Error(JSON.stringify(userErrors));
      return circle.id;
    },
    async memberCount(circleId) {
      const { data } = await running.ask<{ circle: { memberCount: string } }>(
        'query ($id: ID!) { circle(id: $id) { memberCount } }',
        { id: circleId },
      );
      return data.circle.memberCount;
    },
    async tell(feed, type, payload) {
      await peers[feed].tell(type, payload);
    },
    async told(...types) {
      const page = await running.get(`/events?limit=500&types=${types.join(',')}`);
      return (page as { events: FeedEvent[] }).events;
    },
    async stop() {
      await running.stop();
      await database.drop();
    },
  };
}

export const aCircle = {
  name: '晨练太极队 Morning Tai Chi',
  about: '每天早上七点，公园见。 Every morning at seven, in the park.',
  theme: 'FITNESS',
  access: 'PUBLIC_READ',
};

export interface MembershipData {
  membership: { id: string; role: string; state: string; circle: { memberCount: string } } | null;
}
export const membershipFields = 'membership { id role state reason circle { memberCount } }';

async function loadSeed(ownerUrl: string): Promise<void> {
  const database = createDatabase<Database>({ url: ownerUrl });
  try {
    await seedCircles(database.db, seedDay('2026-09-01'));
  } finally {
    await database.destroy();
  }
}
