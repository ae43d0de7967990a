import { isId } from '@banyan/kit/graphql';
import type { Context } from '../context.ts';

/**
 * What belongs to the caller; null for all else, so that nobody learns whether something is there. Text that is no id of
 * the kind asks the database nothing.
 */
export async function ownOrNull<Row>(
  { caller }: Context,
  reference: { prefix: string; id: string },
  load: (id: string) => Promise<Row | null>,
  ownerOf: (row: Row) => string,
): Promise<Row | null> {
  if (caller.subject === null || !isId(reference.prefix, reference.id)) return null;
  const row = await load(reference.id);
  return row !== null && ownerOf(row) === caller.subject ? row : null;
}
