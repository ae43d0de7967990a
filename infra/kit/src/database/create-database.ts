import { Kysely, PostgresDialect } from 'kysely';
import type { LogEvent } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createQueryMetrics } from './query-metrics.ts';
import { scopedPool } from './scoped-pool.ts';
import { typeParsers } from './type-parsers.ts';

/** What a query was and how long it took, as told to `onQuery`. */
export interface QueryRecord {
  readonly sql: string;
  readonly durationMs: number;
  readonly error?: unknown;
}

/** Where the database is and how much of it one process may take. */
export interface DatabaseOptions {
  readonly url: string;
  /** Default 10. */
  readonly maxConnections?: number;
  /** The server cancels a statement that takes longer (SQLSTATE 57014). Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** The server gives up waiting for a lock (SQLSTATE 55P03). Default 3,000. */
  readonly lockTimeoutMs?: number;
  readonly log?: Logger;
  readonly onQuery?: (query: QueryRecord) => void;
  /** Where `banyan_db_queries_total` and its companions are registered. */
  readonly registry?: Registry;
}

/** How many statements have been sent since the start; `begin`, `commit` and their like are not among the queries. */
export interface QueryCounter {
  readonly queries: number;
  readonly transactions: number;
}

/** An open database: queries through `db`, anything lower through `pool`, both from the same connections. */
export interface Database<DB> {
  readonly db: Kysely<DB>;
  readonly pool: pg.Pool;
  /** Counts what goes through `db`; for tests. */
  readonly counter: QueryCounter;
  /** Closes the connections when they are given back; may be called more than once. */
  destroy(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const TRANSACTION_CONTROL = /^(begin|start transaction|commit|rollback|savepoint|release)\b/;

/** Opens a pool with the conventions of all services; connects when the first query comes. */
export function createDatabase<DB>(options: DatabaseOptions): Database<DB> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    lock_timeout: options.lockTimeoutMs ?? 3_000,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    types: typeParsers,
  });
  // An idle connection that breaks (the server restarts) is replaced by the pool; unheard, it would end the process.
  pool.on('error', (error) => options.log?.warn({ err: error }, 'idle database connection lost'));
  // The pool listens to idle connections alone. One that is in use tells its caller by the query that fails; what it
  // emits besides would end the process too.
  pool.on('connect', (client) => {
    client.on('error', (error) => options.log?.debug({ err: error }, 'database connection lost'));
  });
  const counter = { queries: 0, transactions: 0 };
  const metrics = options.registry && createQueryMetrics(options.registry, pool);
  const record = (event: LogEvent) => {
    if (TRANSACTION_CONTROL.test(event.query.sql)) {
      if (/^(begin|start)/.test(event.query.sql)) counter.transactions += 1;
      return;
    }
    counter.queries += 1;
    metrics?.observe(event.level === 'error' ? 'error' : 'ok', event.queryDurationMillis);
    options.onQuery?.({
      sql: event.query.sql,
      durationMs: event.queryDurationMillis,
      ...(event.level === 'error' ? { error: event.error } : {}),
    });
  };
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: scopedPool(pool) }), log: record });
  return {
    db,
    pool,
    counter,
    destroy: async () => {
      await db.destroy();
      if (!pool.ending) await pool.end();
    },
  };
}
