/**
 * What a SQLSTATE says about the same statement once more (PostgreSQL manual, appendix A). `transient`: rolled back for others'
 * sake, and the connection is good. `stale`: a primary no longer, or a migration has changed what was planned or prepared; another
 * connection may do better. `exhausted`: no memory, connection or file for the moment. `lost`: the session ended at a moment that
 * it does not tell, so that a commit may have happened. `row`: what was sent is at fault, or what a function says of it.
 * `fatal`: asking again would not help.
 */
export type SqlFault = 'transient' | 'stale' | 'exhausted' | 'lost' | 'row' | 'fatal';

const faults: readonly (readonly [RegExp, SqlFault])[] = [
  // 08 connection, 57P operator intervention, 40003 completion unknown. 53100 disk full and 58 system error may be the word
  // of a server that gives up in mid-commit (PANIC), when the commit may have reached the log.
  [/^(08|57P|58|53100|40003)/, 'lost'],
  // Serialization failure and deadlock (40), lock timeout, statement timeout.
  [/^(40|55P03|57014)/, 'transient'],
  // Demoted to read-only; cached plan, prepared statement gone.
  [/^(25006|0A000|26000)/, 'stale'],
  [/^53/, 'exhausted'],
  // Data, constraint, raised by a function.
  [/^(22|23|P0)/, 'row'],
];

/** Sorts a SQLSTATE; the one list of all that try again. */
export function sqlFaultOf(state: string): SqlFault {
  return faults.find(([states]) => states.test(state))?.[1] ?? 'fatal';
}
