import type DataLoader from 'dataloader';
import { createLoader } from './loader.ts';
import { isId } from './type-id.ts';

/**
 * A DataLoader by ids of one kind, as clients and the gateway send them: what is no such id (garbage, another kind, a NUL
 * character that PostgreSQL cannot compare) loads null and is never sent to the database.
 */
export function createIdLoader<Row>(
  prefix: string,
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return createLoader(async (keys) => {
    const ids = keys.filter((key) => isId(prefix, key));
    return ids.length === 0 ? [] : find(ids);
  }, keyOf);
}
