import { createLimiter, createRedis, createWakeUps } from '@banyan/kit/cache';
import { createDatabase, type Database as OpenDatabase } from '@banyan/kit/database';
import { createLogger, createRegistry } from '@banyan/kit/service';
import { createSubgraph, type Subgraph } from '@banyan/kit/subgraph';
import type { Config } from './config.ts';
import { followPeers } from './consumers/follow-peers.ts';
import type { Services } from './context.ts';
import type { Database } from './db/database.ts';
import { createLoaders } from './loaders.ts';
import { schema } from './schema.ts';

const dayInSeconds = 24 * 60 * 60;

export interface CirclesApp extends Subgraph {
  readonly database: OpenDatabase<Database>;
}

/** Puts the subgraph together, by hand. `overrides` replaces parts in tests. */
export function createApp(config: Config, overrides: Partial<Services> = {}): CirclesApp {
  const log = createLogger({ service: 'circles', level: config.LOG_LEVEL });
  const registry = createRegistry('circles');
  const database = createDatabase<Database>({
    url: config.DATABASE_URL,
    maxConnections: config.MAX_CONNECTIONS,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: config.LOCK_TIMEOUT_MS,
    log,
    registry,
  });
  const redis = createRedis({ url: config.REDIS_URL, log });
  const wakeUps = createWakeUps({ redis, channel: 'circles' });
  const services: Services = {
    db: database.db,
    limits: {
      circles: createLimiter({
        redis,
        prefix: 'circles:circles:',
        maxAttempts: 20,
        windowSeconds: dayInSeconds,
      }),
      posts: createLimiter({ redis, prefix: 'circles:posts:', maxAttempts: 60, windowSeconds: 600 }),
      joins: createLimiter({ redis, prefix: 'circles:joins:', maxAttempts: 60, windowSeconds: 600 }),
    },
    ...overrides,
  };

  const subgraph = createSubgraph({
    name: 'circles',
    config,
    log,
    registry,
    schema,
    db: database.db,
    wakeUps,
    consumers: followPeers({ config, db: database.db, log, registry }),
    createContext: (base) => ({
      ...base,
      ...services,
      loaders: createLoaders(services.db, base.caller.subject),
    }),
    async stop() {
      wakeUps.close();
      await redis.close();
      await database.destroy();
    },
  });
  return { ...subgraph, database };
}
