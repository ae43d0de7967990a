import { sqlFaultOf } from './sql-fault.ts';

/**
 * The five-character SQLSTATE of an error that PostgreSQL raised; undefined for every other error. Each has a digit, which the
 * operating system's `EPIPE` has not.
 */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/**
 * The name of the constraint that a write broke (unique, foreign key, check, exclusion, not null on a domain), so that
 * an action can turn it into a user error; undefined when the error is something else.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!sqlState(error)?.startsWith('23')) return undefined;
  if (!(error instanceof Error) || !('constraint' in error)) return undefined;
  return typeof error.constraint === 'string' ? error.constraint : undefined;
}

/**
 * Whether a transaction that failed with this error may succeed when it is run again from its start, while its caller waits:
 * it was rolled back for others' sake. A statement that took too long (57014) would take as long again.
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && state !== '57014' && sqlFaultOf(state) === 'transient';
}
