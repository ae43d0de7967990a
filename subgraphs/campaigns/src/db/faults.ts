import { sqlFaultOf, sqlState } from '@banyan/kit/database';

/**
 * Whether the database failed in a way that has nothing to do with what was asked of it, so that the same again may do
 * better. What was sent may have been committed.
 */
export function isPassing(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return !['row', 'fatal'].includes(sqlFaultOf(state));
  return error instanceof Error && /connection|timeout|ECONN|EPIPE|ENOTFOUND/i.test(error.message);
}

/** Whether a row of what was sent is at fault. */
export function isRowFault(error: unknown): boolean {
  return sqlFaultOf(sqlState(error) ?? '') === 'row';
}
