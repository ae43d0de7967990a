import { createDatabase } from '@banyan/kit/database';
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
import { generateKeyPairSync } from 'node:crypto';
import { createApp, type UsersApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { campaignsHandlers } from '../src/consumers/campaigns.ts';
import { circlesHandlers } from '../src/consumers/circles.ts';
import { coursesHandlers } from '../src/consumers/courses.ts';
import type { Services } from '../src/context.ts';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { createFieldCipher } from '../src/domain/field-cipher.ts';
import type { SmsProvider } from '../src/providers/sms.ts';
import { seedAll } from '../src/seed/seed-all.ts';

export interface UsersUnderTest extends TestSubgraph, Mutations {
  app: UsersApp;
  /** Type and payload of what was told of a subject, in order. */
  told(subject: string): Promise<{ type: string; payload: Record<string, unknown> }[]>;
  /** Lets a peer tell something, which is consumed when the promise resolves. */
  tell(
    feed: 'campaigns' | 'courses' | 'circles',
    type: string,
    payload: Record<string, unknown>,
    at?: Date,
  ): Promise<void>;
  /** Signs somebody in and gives their id, to ask as. */
  person(phone?: string): Promise<{ id: string; phone: string }>;
  /** The code in the last message to a phone. */
  lastCode(phone: string): string;
  /** Signs in by phone and code, as a client does. */
  signIn(phone: string): Promise<{ id: string; accessToken: string; refreshToken: string }>;
}

export interface StartOptions {
  seeded?: boolean;
  sandboxUrl?: string;
  peerUrls?: Record<string, string>;
  overrides?: Partial<Services>;
}

/** The seed data are encrypted with the key of the service that reads them. */
const fieldKey = Buffer.alloc(32, 7);

/** The users subgraph on a database of its own, empty or with the seed data; messages stay in memory. */
export async function startUsers(options: StartOptions = {}): Promise<UsersUnderTest> {
  const database = await createTestDatabase({
    name: 'users',
    migrations,
    ...(options.seeded === true && { seed: loadSeed, seedName: 'seeded' }),
  });
  const redisUrl = hasRedis() ? await testRedis() : undefined;
  const config: Config = {
    ...testConfig({ databaseUrl: database.url, redisUrl }),
    PEER_URLS: options.peerUrls ?? {},
    ACCESS_TOKEN_KEY: {
      ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
      kid: 'a1',
    } as Config['ACCESS_TOKEN_KEY'],
    ACCESS_TOKEN_OTHER_KEYS: { keys: [] },
    FIELD_KEY: fieldKey.toString('base64url'),
    SANDBOX_URL: options.sandboxUrl ?? 'http://127.0.0.1:9',
  };
  const messages = new Map<string, string>();
  const sms: SmsProvider = {
    send: ({ phone, text }) => {
      messages.set(phone, text);
      return Promise.resolve();
    },
  };
  const app = await createApp(config, { sms, ...options.overrides });
  const running = await startTestSubgraph('users', app);

  const { db } = app.database;
  const { log } = app;
  const peers = {
    campaigns: createTestPeer({ db, log, feed: 'campaigns', handlers: campaignsHandlers }),
    courses: createTestPeer({ db, log, feed: 'courses', handlers: coursesHandlers }),
    circles: createTestPeer({ db, log, feed: 'circles', handlers: circlesHandlers }),
  };
  const lastCode = (phone: string) => {
    const code = /\d{6}/.exec(messages.get(phone) ?? '')?.[0];
    if (code === undefined) throw new Error('no code was sent');
    return code;
  };
  let people = 0;
  const signIn = async (phone: string) => {
    await running.ask(requestCode, { phone });
    const answer = await running.ask<SignInData>(signInMutation, { phone, code: lastCode(phone) });
    const { accessToken, refreshToken, viewer } = answer.data.signIn;
    if (accessToken === null || refreshToken === null || viewer === null)
      throw new Error(JSON.stringify(answer));
    return { id: viewer.id, accessToken, refreshToken };
  };
  return {
    ...running,
    ...createMutations(running),
    app,
    async person(phone) {
      people += 1;
      const own = phone ?? `+86137${String(people).padStart(8, '0')}`;
      return { id: (await signIn(own)).id, phone: own };
    },
    async tell(feed, type, payload, at) {
      await peers[feed].tell(type, payload, at);
    },
    told: (subject) =>
      app.database.db
        .selectFrom('outbox')
        .select(['type', 'payload'])
        .where('subject', '=', subject)
        .orderBy('position')
        .execute(),
    lastCode,
    signIn,
    async stop() {
      await running.stop();
      await database.drop();
    },
  };
}

async function loadSeed(ownerUrl: string): Promise<void> {
  const database = createDatabase<Database>({ url: ownerUrl });
  try {
    await seedAll(database.db, createFieldCipher(fieldKey), seedDay('2026-09-01'));
  } finally {
    await database.destroy();
  }
}

export const requestCode = /* GraphQL */ `
  mutation ($phone: String!) {
    requestSignInCode(input: { phone: $phone }) {
      sentTo
      retryAfterSeconds
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export const signInMutation = /* GraphQL */ `
  mutation ($phone: String!, $code: String!) {
    signIn(input: { phone: $phone, code: $code, deviceName: "Telephone" }) {
      accessToken
      refreshToken
      expiresAt
      viewer {
        id
        user {
          displayName
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

export interface SignInData {
  signIn: {
    accessToken: string | null;
    refreshToken: string | null;
    viewer: { id: string; user: { displayName: string } } | null;
    userErrors: { code: string; field: string[] | null; message: string }[];
  };
}
