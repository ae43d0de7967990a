import {
  createTestDatabase,
  hasRedis,
  startTestSubgraph,
  testConfig,
  testRedis,
  type TestSubgraph,
} from '@banyan/kit/testing';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createApp } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import type { SmsProvider } from '../src/providers/sms.ts';

export interface UsersUnderTest extends TestSubgraph {
  /** The code in the last message to a phone. */
  lastCode(phone: string): string;
  /** Signs in by phone and code, as a client does. */
  signIn(phone: string): Promise<{ id: string; accessToken: string; refreshToken: string }>;
}

/** The users subgraph on a database of its own; messages stay in memory. */
export async function startUsers(): Promise<UsersUnderTest> {
  const database = await createTestDatabase({ name: 'users', migrations });
  const redisUrl = hasRedis() ? await testRedis() : undefined;
  const config: Config = {
    ...testConfig({ databaseUrl: database.url, redisUrl }),
    ACCESS_TOKEN_KEY: {
      ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
      kid: 'a1',
    } as Config['ACCESS_TOKEN_KEY'],
    FIELD_KEY: randomBytes(32).toString('base64url'),
    SANDBOX_URL: 'http://127.0.0.1:9',
  };
  const messages = new Map<string, string>();
  const sms: SmsProvider = {
    send: ({ phone, text }) => {
      messages.set(phone, text);
      return Promise.resolve();
    },
  };
  const running = await startTestSubgraph('users', await createApp(config, { sms }));

  const lastCode = (phone: string) => {
    const code = /\d{6}/.exec(messages.get(phone) ?? '')?.[0];
    if (code === undefined) throw new Error('no code was sent');
    return code;
  };
  return {
    ...running,
    lastCode,
    async signIn(phone) {
      await running.ask(requestCode, { phone });
      const answer = await running.ask<SignInData>(signInMutation, { phone, code: lastCode(phone) });
      const { accessToken, refreshToken, viewer } = answer.data.signIn;
      if (accessToken === null || refreshToken === null || viewer === null)
        throw new Error(JSON.stringify(answer));
      return { id: viewer.id, accessToken, refreshToken };
    },
    async stop() {
      await running.stop();
      await database.drop();
    },
  };
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
