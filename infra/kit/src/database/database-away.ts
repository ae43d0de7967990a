import { sqlState } from './errors.ts';
import { sqlFaultOf } from './sql-fault.ts';

/** Of the operating system: nobody listens there, the way there is cut, or the connection broke. */
const networkFaults = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` and its pool say of a connection that was lost or never came to be; their errors have no code. */
const lostByDriver =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * Whether a query failed because there is no database to ask, or none that takes connections: nothing is wrong with the
 * query, and the same may succeed when the database is back. Of a commit it says nothing: that may have happened.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = sqlState(error);
  if (state !== undefined) {
    const fault = sqlFaultOf(state);
    return fault === 'lost' || fault === 'exhausted';
  }
  if ('code' in error && typeof error.code === 'string') return networkFaults.has(error.code);
  return lostByDriver.test(error.message);
}
