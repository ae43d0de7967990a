import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { cancelQuery } from './cancel-query.ts';
import { currentScope } from './operation-scope.ts';

/** What ends a transaction must run also when the operation is over. */
const transactionEnd = /^(rollback|commit|release)\b/;

function scopedClient(client: PoolClient): PostgresPoolClient {
  function run<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    return client.query(sql, parameters as unknown[]) as unknown as Promise<PostgresQueryResult<Row>>;
  }
  function query<Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function query<Row>(
    sql: string | PostgresCursor<Row>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<Row>> | PostgresCursor<Row> {
    if (typeof sql !== 'string') throw new TypeError('Cursors are not served here.');
    const scope = currentScope();
    if (scope === undefined || transactionEnd.test(sql)) return run<Row>(sql, parameters);
    return scope.query(
      () => run<Row>(sql, parameters),
      () => cancelQuery(client),
    );
  }
  return {
    query,
    release: (destroy) => {
      client.release(destroy);
    },
  };
}

/** A pool as Kysely uses it, whose queries end with the operation on whose behalf they run. */
export function scopedPool(pool: Pool): PostgresPool {
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client);
      if (known !== undefined) return known;
      const scoped = scopedClient(client);
      clients.set(client, scoped);
      return scoped;
    },
  };
}
