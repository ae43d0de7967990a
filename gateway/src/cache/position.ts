/**
 * A place in a subgraph's feed of events. It is the clock of copies: a copy that was read when all events up to a place were
 * known shows what those events tell, on whichever gateway it is looked at.
 */
export interface Position {
  readonly transaction: bigint;
  readonly event: bigint;
}

/** Reads a cursor of a feed, `<transaction>.<event>`. */
export function parsePosition(cursor: string): Position {
  const [transaction = '', event = ''] = cursor.split('.');
  return { transaction: BigInt(transaction), event: BigInt(event) };
}

export function writePosition({ transaction, event }: Position): string {
  return `${transaction}.${event}`;
}

/** Below 0 when the first comes before the second, 0 when they are one. */
export function comparePositions(one: Position, other: Position): number {
  if (one.transaction !== other.transaction) return one.transaction < other.transaction ? -1 : 1;
  if (one.event === other.event) return 0;
  return one.event < other.event ? -1 : 1;
}
