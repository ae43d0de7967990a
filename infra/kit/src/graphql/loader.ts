import DataLoader from 'dataloader';

/** Keys that one batch may hold. */
const maxBatchKeys = 1_000;

/** A DataLoader over a query that gives rows in any order, or not at all: a key without a row loads null. */
export function createLoader<Row>(
  find: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return new DataLoader(
    async (keys) => {
      const rows = new Map((await find(keys)).map((row) => [keyOf(row), row]));
      return keys.map((key) => rows.get(key) ?? null);
    },
    { maxBatchSize: maxBatchKeys },
  );
}

/** A DataLoader over a query that gives many rows a key, in the order of the query. */
export function createListLoader<Row>(
  find: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, readonly Row[]> {
  return new DataLoader(
    async (keys) => {
      const rows = Map.groupBy(await find(keys), keyOf);
      return keys.map((key) => rows.get(key) ?? []);
    },
    { maxBatchSize: maxBatchKeys },
  );
}
