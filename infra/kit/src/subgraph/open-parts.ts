import type { Registry } from 'prom-client';
import { createRedis, type RedisConnection } from '../cache/redis-connection.ts';
import { createWakeUps, type WakeUps } from '../cache/wake-ups.ts';
import { createDatabase, type Database } from '../database/create-database.ts';
import { createLogger, type Logger } from '../service/logger.ts';
import { createRegistry } from '../service/http-service.ts';
import type { SubgraphConfig } from './settings.ts';

/** What every subgraph stands on. */
export interface SubgraphParts<Tables> {
  readonly log: Logger;
  readonly registry: Registry;
  readonly database: Database<Tables>;
  readonly redis: RedisConnection;
  /** Rung after mutations; wakes those who wait for this subgraph's feed. */
  readonly wakeUps: WakeUps;
  /** Closes the connections. */
  close(): Promise<void>;
}

type PartsConfig = Pick<
  SubgraphConfig,
  'LOG_LEVEL' | 'DATABASE_URL' | 'MAX_CONNECTIONS' | 'STATEMENT_TIMEOUT_MS' | 'LOCK_TIMEOUT_MS' | 'REDIS_URL'
>;

/** Opens log, metrics, database and Redis of a subgraph; connects when they are first used. */
export function openParts<Tables>(name: string, config: PartsConfig): SubgraphParts<Tables> {
  const log = createLogger({ service: name, level: config.LOG_LEVEL });
  const registry = createRegistry(name);
  const database = createDatabase<Tables>({
    url: config.DATABASE_URL,
    maxConnections: config.MAX_CONNECTIONS,
    statementTimeoutMs: config.STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: config.LOCK_TIMEOUT_MS,
    log,
    registry,
  });
  const redis = createRedis({ url: config.REDIS_URL, log });
  const wakeUps = createWakeUps({ redis, channel: name });
  return {
    log,
    registry,
    database,
    redis,
    wakeUps,
    async close() {
      wakeUps.close();
      await redis.close();
      await database.destroy();
    },
  };
}
