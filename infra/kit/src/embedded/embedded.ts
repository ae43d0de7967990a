/** Starts and stops a real PostgreSQL and a real Redis on this machine, for local use and for tests. */
export { EmbeddedError } from './embedded-error.ts';
export type { EmbeddedErrorCode } from './embedded-error.ts';
export { assertPortIsFree, findFreePort } from './port.ts';
export { removePostgresData } from './postgres-data.ts';
export { startPostgres } from './postgres.ts';
export type { PostgresOptions, PostgresServer } from './postgres.ts';
export { startPostgresPair } from './standby.ts';
export type { PostgresPair } from './standby.ts';
export { mountSmallDisk } from './small-disk.ts';
export type { SmallDisk } from './small-disk.ts';
export { startRedis } from './redis.ts';
export type { RedisMissing, RedisOptions, RedisServer } from './redis.ts';
export type { ProcessExit } from './server-process.ts';
