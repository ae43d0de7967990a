import { createRedis, createWakeUps } from '@banyan/kit/cache';
import { createDatabase } from '@banyan/kit/database';
import { createConsumer, createPageFetcher, type Consumer } from '@banyan/kit/events';
import { createSignedGet } from '@banyan/kit/hop';
import { createLogger, createRegistry } from '@banyan/kit/service';
import { createSubgraph, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import { usersHandlers } from './consumers/users.ts';
import type { Context, Services } from './context.ts';
import type { Database } from './db/database.ts';
import { sweep } from './domain/sweep.ts';
import { createLoaders } from './loaders.ts';
import { createNotificationRoute } from './routes/payment-notifications.ts';
import { repeat } from '@banyan/kit/jobs';
import { schema } from './schema.ts';
import { closeServices, createServices, type ServicesOptions } from './services.ts';

/** The subgraph, and what tests look at. */
export interface CampaignsApp extends Subgraph {
  readonly services: Services;
  readonly database: ReturnType<typeof createDatabase<Database>>;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): CampaignsApp {
  const log = createLogger({ service: 'campaigns', level: config.LOG_LEVEL });
  const registry = createRegistry('campaigns');
  const database = createDatabase<Database>({
    url: config.DATABASE_URL,
    maxConnections: config.MAX_CONNECTIONS,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: config.LOCK_TIMEOUT_MS,
    log,
    registry,
  });
  const { db } = database;
  const redis = createRedis({ url: config.REDIS_URL, log });
  const wakeUps = createWakeUps({ redis, channel: 'campaigns' });
  let notifyUrl = config.NOTIFY_URL ?? '';
  const parts = { config, db, redis, wakeUps, log, registry, notifyUrl: () => notifyUrl };
  const services: Services = { ...createServices(parts), ...overrides };
  const sweeping = repeat({ round: () => sweep(services), pauseMs: config.SWEEP_EVERY_SECONDS * 1_000, log });

  const subgraph = createSubgraph({
    name: 'campaigns',
    config,
    log,
    registry,
    schema,
    db,
    wakeUps,
    createContext: (base): Context => ({ ...services, ...base, loaders: createLoaders(services.db) }),
    consumers: createConsumers(parts),
    routes: { 'POST /payments/notifications': createNotificationRoute(services) },
    async stop() {
      await sweeping.stop();
      await closeServices(services);
      wakeUps.close();
      await redis.close();
      await database.destroy();
    },
  });
  return {
    ...subgraph,
    services,
    database,
    async start() {
      const at = await subgraph.start();
      notifyUrl ||= `${at.url}/payments/notifications`;
      if (config.SWEEP_EVERY_SECONDS > 0) sweeping.start();
      return at;
    },
  };
}

function createConsumers({ config, db, log, registry }: ServicesOptions): Consumer[] {
  const url = config.PEER_URLS['users'];
  if (url === undefined) {
    log.warn('no address of users: relatives and licences stay those that are known');
    return [];
  }
  const get = createSignedGet({ name: 'users', url, key: config.HOP_KEYS[0] });
  const fetchPage = createPageFetcher(get, { types: Object.keys(usersHandlers) });
  const consumer = { db, feed: 'users', fetchPage, handlers: usersHandlers, log };
  return [createConsumer(registry ? { ...consumer, registry } : consumer)];
}
