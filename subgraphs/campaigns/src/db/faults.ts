import { sqlState } from '@banyan/kit/database';

/**
 * Whether the database failed in a way that has nothing to do with what was asked of it, so that the same again may do
 * better: the connection is gone (none, 08, 57P), the server is short of something (53) or its disk fails (58), it rolled
 * back for others' sake (40, 55P03, 57014), it is a primary no longer (25006), or a migration has changed what was planned
 * or prepared (0A000, 26000). What was sent may have been committed.
 */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return /^(08|40|53|57P|58|55P03|57014|25006|0A000|26000)/.test(state);
  return error instanceof Error && /connection|timeout|ECONN|EPIPE|ENOTFOUND/i.test(error.message);
}
