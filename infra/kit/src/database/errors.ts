/** The five-character SQLSTATE of an error that PostgreSQL raised; undefined for every other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
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

const TRANSIENT_STATES = new Set(['40001', '40P01', '55P03']);

/**
 * Whether a transaction that failed with this error may succeed when it is run again from its start:
 * 40001 serialization failure, 40P01 deadlock, 55P03 lock not available (lock_timeout).
 */
export function isTransient(error: unknown): boolean {
  return TRANSIENT_STATES.has(sqlState(error) ?? '');
}
