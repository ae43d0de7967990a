import type { QueryCounter } from '../database/create-database.ts';

/** What `countQueries` saw. */
export interface QueryCount<Result> {
  readonly result: Result;
  /** Statements sent through the database's `db`, without begin and commit. */
  readonly queries: number;
  readonly transactions: number;
}

/** Runs `work` and counts the queries behind it; nothing else may use that database meanwhile. */
export async function countQueries<Result>(
  database: { readonly counter: QueryCounter },
  work: () => Promise<Result>,
): Promise<QueryCount<Result>> {
  const before = { ...database.counter };
  const result = await work();
  return {
    result,
    queries: database.counter.queries - before.queries,
    transactions: database.counter.transactions - before.transactions,
  };
}
