import { isAnonymous } from '../hop/assertion.ts';
import type { OperationContext } from './context.ts';
import { forbidden, unauthenticated } from './errors.ts';

/**
 * Id of the signed-in person.
 * @throws GraphQLError `UNAUTHENTICATED` to strangers, `FORBIDDEN` to apps, which are no people. Resolvers behind
 * `authScopes: { signedIn: true }` never see it.
 */
export function signedIn(context: OperationContext): string {
  const { subject } = context.caller;
  if (subject === null) throw isAnonymous(context.caller) ? unauthenticated() : forbidden();
  return subject;
}

/**
 * What belongs to one person, to that person alone: for the reference resolvers of `Viewer`. Rejects with a GraphQLError,
 * `UNAUTHENTICATED` to a stranger and `FORBIDDEN` to another person; being a rejection, it nulls this one entity and
 * not the whole list.
 */
export async function ownOnly<Own>(context: OperationContext, ownerId: string, own: Own): Promise<Own> {
  if (signedIn(context) !== ownerId) throw forbidden();
  return own;
}
