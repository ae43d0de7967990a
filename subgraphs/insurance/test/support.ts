import { createDatabase } from '@banyan/kit/database';
import { newId } from '@banyan/kit/graphql';
import {
  createMutations,
  createTestDatabase,
  hasRedis,
  startMailbox,
  startTestSubgraph,
  testConfig,
  testRedis,
  type Mailbox,
  type Mutations,
  type TestSubgraph,
  type Told,
  type UserErrors,
} from '@banyan/kit/testing';
import { createSandbox } from '@banyan/sandbox';
import { seedDay } from '@banyan/seed';
import { createApp, type App } from '../src/app.ts';
import type { Config } from '../src/config.ts';
import type { Services } from '../src/context.ts';
import type { Database } from '../src/db/database.ts';
import { migrations } from '../src/db/migrations/migrations.ts';
import { sweepPayments } from '../src/domain/payments/sweep.ts';
import { seedAll } from '../src/seed/seed-all.ts';

/** By which the provider signs. */
export const secret = 'a-secret-of-the-tests';

export interface InsuranceUnderTest extends TestSubgraph, Mutations {
  app: App;
  db: Services['db'];
  /** The time that the subgraph and the provider go by; tests set it on. */
  clock: { aheadMs: number };
  /** Everything that the provider told; nothing arrives until a test delivers it. */
  mailbox: Mailbox;
  sandboxUrl: string;
  /** The database as the one sees it who may write what the service only reads. */
  ownerUrl: string;
  /** Orders a fault of the payment provider. */
  fault(fault: object): Promise<void>;
  /** The payer pays at a checkout. */
  pay(checkoutUrl: string, how?: object): Promise<void>;
  /** Brings a notification to the subgraph; gives the status. */
  deliver(told: Told): Promise<number>;
  /** The payer pays, the provider tells, the subgraph hears. */
  payAndTell(checkoutUrl: string, how?: object): Promise<void>;
  /** Asks the provider about everything that is due. */
  sweep(): Promise<number>;
}

/** The insurance subgraph with its seed data, the outside world beside it, and the way between them in the test's hands. */
export async function startInsurance(overrides: Partial<Services> = {}): Promise<InsuranceUnderTest> {
  const database = await createTestDatabase({
    name: 'insurance',
    migrations,
    seed: loadSeed,
    seedName: 'seed-all',
  });
  const clock = { aheadMs: 0 };
  const now = () => new Date(Date.now() + clock.aheadMs);
  const sandbox = createSandbox({ merchants: { insurance: secret }, notifyRetryMs: [1, 1, 1], now });
  const { url: sandboxUrl } = await sandbox.start();
  const mailbox = await startMailbox();
  const config: Config = {
    ...testConfig({ databaseUrl: database.url, redisUrl: hasRedis() ? await testRedis() : undefined }),
    SANDBOX_URL: sandboxUrl,
    PAYMENTS_MERCHANT: 'insurance',
    PAYMENTS_SECRET: secret,
    NOTIFY_URL: mailbox.url,
    PAYMENT_TIMEOUT_MS: 1_000,
    SWEEP_EVERY_SECONDS: 0,
  };
  const app = createApp(config, { now, ...overrides });
  const running = await startTestSubgraph('insurance', app);
  const post = async (path: string, json: object) => {
    const response = await fetch(sandboxUrl + path, { method: 'POST', body: JSON.stringify(json) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const pay = (checkoutUrl: string, how: object = {}) =>
    post(`/payments/orders/${checkoutUrl.split('/').at(-1) ?? ''}/pay`, how);
  const deliver = async ({ headers, body }: Told) => {
    const { 'content-length': _length, host: _host, connection: _connection, ...rest } = headers;
    const response = await fetch(`${running.url}/payments/notifications`, {
      method: 'POST',
      headers: rest as Record<string, string>,
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    return response.status;
  };
  return {
    ...running,
    ...createMutations(running),
    app,
    db: app.services.db,
    clock,
    mailbox,
    sandboxUrl,
    ownerUrl: database.ownerUrl,
    fault: (fault) => post('/faults', { service: 'payments', ...fault }),
    pay,
    deliver,
    async payAndTell(checkoutUrl, how) {
      const before = mailbox.told.length;
      await pay(checkoutUrl, how);
      const told = (await mailbox.untilTold(before + 1))[before];
      if (told === undefined || (await deliver(told)) !== 204) throw new Error('the subgraph did not listen');
    },
    sweep: () => sweepPayments(app.services),
    async stop() {
      await running.stop();
      await sandbox.stop();
      await mailbox.stop();
      await database.drop();
    },
  };
}

async function loadSeed(ownerUrl: string): Promise<void> {
  const owner = createDatabase<Database>({ url: ownerUrl, maxConnections: 1 });
  await seedAll(owner.db, seedDay());
  await owner.destroy();
}

/** Somebody new. */
export function newPerson(): { id: string } {
  return { id: newId('usr') };
}

export function codes({ userErrors }: UserErrors): string[] {
  return userErrors.map(({ code }) => code);
}

export const dayMs = 86_400_000;
