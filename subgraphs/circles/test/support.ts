import { createConsumer, type FeedEvent } from '@banyan/kit/events';
import { createDatabase } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import {
  createTestDatabase,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type GraphAnswer,
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

const handlers = { users: usersHandlers, campaigns: campaignsHandlers, courses: coursesHandlers };

export interface UserErrors {
  userErrors: { code: string; field: string[] | null; message: string }[];
}

export interface CirclesUnderTest extends TestSubgraph {
  app: CirclesApp;
  /** Lets a peer tell something, which is consumed when the promise resolves. */
  tell(feed: keyof typeof handlers, type: string, payload: Record<string, unknown>): Promise<void>;
  /** What the feed tells of these types; it waits for transactions that still run anywhere on the server, so poll. */
  told(...types: string[]): Promise<Pick<FeedEvent, 'type' | 'subject' | 'payload'>[]>;
  /** Runs one mutation with its input and gives its payload. */
  act<Payload = Record<string, unknown>>(
    mutation: string,
    input: Record<string, unknown>,
    as: { id: string } | null,
    selection?: string,
  ): Promise<Payload & UserErrors>;
  /** The codes of the user errors of one mutation. */
  codes(mutation: string, input: Record<string, unknown>, as: { id: string }): Promise<string[]>;
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
  let tellings = 0;

  const act: CirclesUnderTest['act'] = async (mutation, input, as, selection = '__typename') => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const inputType = mutation === 'leaveCircle' ? 'CircleInput' : type;
    const answer: GraphAnswer<Record<string, never> | null> = await running.ask(
      `mutation ($input: ${inputType}!) {
        ${mutation}(input: $input) { ${selection} userErrors { code field message } }
      }`,
      { input },
      as,
    );
    const payload = answer.data?.[mutation];
    if (payload === undefined || payload === null) throw new Error(JSON.stringify(answer));
    return payload;
  };
  return {
    ...running,
    app,
    act,
    async codes(mutation, input, as) {
      const { userErrors } = await act(mutation, input, as);
      return userErrors.map(({ code }) => code);
    },
    async found(owner, wanted = {}) {
      const { circle, userErrors } = await act<{ circle: { id: string } | null }>(
        'createCircle',
        { ...aCircle, idempotencyKey: newId('key'), ...wanted },
        owner,
        'circle { id }',
      );
      if (circle === null) throw new Error(JSON.stringify(userErrors));
      return circle.id;
    },
    async tell(feed, type, payload) {
      tellings += 1;
      const event: FeedEvent = {
        cursor: `${tellings}.1`,
        id: newId('evt'),
        type,
        subject: '',
        payload,
        occurredAt: new Date().toISOString(),
      };
      let pages = [{ events: [event], cursor: event.cursor }];
      const consumer = createConsumer({
        db: app.database.db,
        feed,
        handlers: handlers[feed],
        log: app.log,
        fetchPage: async (after) => {
          const [page] = pages;
          pages = [];
          return page ?? { events: [], cursor: after };
        },
      });
      await consumer.drain();
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

async function loadSeed(ownerUrl: string): Promise<void> {
  const database = createDatabase<Database>({ url: ownerUrl });
  try {
    await seedCircles(database.db, seedDay('2026-09-01'));
  } finally {
    await database.destroy();
  }
}
