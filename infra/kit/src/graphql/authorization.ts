import type { OperationContext } from './context.ts';
import { forbidden, unauthenticated } from './errors.ts';

/**
 * Id of the signed-in caller.
 * @throws GraphQLError `UNAUTHENTICATED`. Resolvers behind `authScopes: { signedIn: true }` never see it.
 */
export function signedIn(context: OperationContext): string {
  if (context.caller.subject === null) throw unauthenticated();
  return context.caller.subject;
}

/**
 * What belongs to one person, to that person alone: for the reference resolvers of `Viewer`.
 * @throws GraphQLError `UNAUTHENTICATED` to a stranger, `FORBIDDEN` to another person.
 */
export function ownOnly<Own>(context: OperationContext, ownerId: string, own: Own): Own {
  if (signedIn(context) !== ownerId) throw forbidden();
  return own;
}
