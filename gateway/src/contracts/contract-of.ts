import type { Contract } from '@banyan/kit/contracts';
import type { Caller } from '@banyan/kit/hop';

/**
 * The part of the graph that a caller sees: staff the whole, a partner's app what partners may see, everybody else what is
 * public. It says what exists for a caller; whether the caller may have it, subgraphs decide as before.
 */
export function contractOf({ app, roles }: Caller): Contract {
  if (app !== undefined) return 'partner';
  return roles.size > 0 ? 'internal' : 'public';
}
