import { createLimiter, createRedis, createWakeUps } from '@banyan/kit/cache';
import { createDatabase, type Database as OpenDatabase } from '@banyan/kit/database';
import { createConsumer, createPageFetcher, type Consumer, type EventHandler } from '@banyan/kit/events';
import { createSignedGet } from '@banyan/kit/hop';
import { createLogger, createRegistry, type Logger } from '@banyan/kit/service';
import { createSubgraph, type Subgraph } from '@banyan/kit/subgraph';
import { createHttpPaymentProvider } from '@banyan/payments';
import type { Config } from './config.ts';
import { campaignsHandlers } from './consumers/campaigns.ts';
import { usersHandlers } from './consumers/users.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { notificationRoute } from './domain/payments/receive-notification.ts';
import { sweepPayments } from './domain/payments/sweep.ts';
import { createLoaders } from './loaders.ts';
import { repeat } from '@banyan/kit/jobs';
import { schema } from './schema.ts';

/** The subgraph, and what tests look into. */
export interface App extends Subgraph {
  readonly database: OpenDatabase<Database>;
  readonly services: Services;
}

const handlersByFeed: Readonly<Record<string, Readonly<Record<string, EventHandler<Database>>>>> = {
  users: usersHandlers,
  campaigns: campaignsHandlers,
};

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): App {
  const log = createLogger({ service: 'insurance', level: config.LOG_LEVEL });
  const registry = createRegistry('insurance');
  const database = createDatabase<Database>({
    url: config.DATABASE_URL,
    maxConnections: config.MAX_CONNECTIONS,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: config.LOCK_TIMEOUT_MS,
    log,
    registry,
  });
  const redis = createRedis({ url: config.REDIS_URL, log });
  const wakeUps = createWakeUps({ redis, channel: 'insurance' });
  const services: Services = {
    db: database.db,
    now: () => new Date(),
    log,
    limits: {
      quotes: createLimiter({ redis, prefix: 'insurance:quotes:', maxAttempts: 60, windowSeconds: 600 }),
      aid: createLimiter({ redis, prefix: 'insurance:aid:', maxAttempts: 60, windowSeconds: 600 }),
    },
    provider: createHttpPaymentProvider({
      url: config.SANDBOX_URL,
      merchant: config.PAYMENTS_MERCHANT,
      secret: config.PAYMENTS_SECRET,
      timeoutMs: config.PAYMENT_TIMEOUT_MS,
    }),
    notifyUrl: () => config.NOTIFY_URL ?? `http://${config.HOST}:${config.PORT}/payments/notifications`,
    ...overrides,
  };

  const consumers = createConsumers(config, { db: database.db, log, registry });
  const sweep = repeat({
    round: () => sweepPayments(services),
    pauseMs: config.SWEEP_EVERY_SECONDS * 1_000,
    log,
  });

  const subgraph = createSubgraph({
    name: 'insurance',
    config,
    log,
    registry,
    schema,
    db: database.db,
    wakeUps,
    consumers,
    createContext: (base) => ({
      ...base,
      ...services,
      log: base.log,
      loaders: createLoaders(services.db, services.now),
    }),
    routes: { 'POST /payments/notifications': notificationRoute(services) },
    async start() {
      if (config.SWEEP_EVERY_SECONDS > 0) sweep.start();
    },
    async stop() {
      await sweep.stop();
      wakeUps.close();
      await services.provider.close();
      await redis.close();
      await database.destroy();
    },
  });
  return { ...subgraph, database, services };
}

/** Of the peers that the settings name. */
function createConsumers(
  config: Config,
  parts: { db: OpenDatabase<Database>['db']; log: Logger; registry: ReturnType<typeof createRegistry> },
): Consumer[] {
  return Object.entries(handlersByFeed).flatMap(([feed, handlers]) => {
    const url = config.PEER_URLS[feed];
    if (url === undefined) {
      parts.log.warn({ feed }, 'nobody told where this feed is; it is not followed');
      return [];
    }
    const get = createSignedGet({ name: feed, url, key: config.HOP_KEYS[0] });
    const fetchPage = createPageFetcher(get, { types: Object.keys(handlers) });
    return [createConsumer({ ...parts, feed, fetchPage, handlers })];
  });
}
