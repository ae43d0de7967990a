/** Redis as a help that may be missing: shared copies, limits, wake-ups. */
export { createLimiter } from './limiter.ts';
export type { Limiter, LimiterAnswer, LimiterOptions } from './limiter.ts';
export { createRedis } from './redis-connection.ts';
export type { RedisConnection, RedisConnectionOptions } from './redis-connection.ts';
export { versionedCache } from './versioned-cache.ts';
export type { Versioned, VersionedCache, VersionedCacheOptions } from './versioned-cache.ts';
export { createWakeUps } from './wake-ups.ts';
export type { WakeUps } from './wake-ups.ts';
