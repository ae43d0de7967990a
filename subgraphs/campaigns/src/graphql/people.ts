import { builder } from '../builder.ts';

/** People of the users subgraph, with what they do here. */
export const User = builder.objectRef<{ id: string }>('User');
/** Charities and hospitals of the users subgraph. */
export const Organisation = builder.objectRef<{ id: string }>('Organisation');

/** A reference by id, or nothing. */
export function refTo(id: string | null): { id: string } | null {
  return id === null ? null : { id };
}
