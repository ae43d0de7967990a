import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** A subscription that the graph does not take; the errors say why. */
export class SubscriptionRefused extends Error {
  override readonly name = 'SubscriptionRefused';
  readonly errors: readonly GraphQLFormattedError[];
  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message);
    this.errors = errors;
  }
}

/** Makes a refusal of what graphql-js or the engine says; `code` where the error has none of its own. */
export type Refuse = (error: GraphQLError, code?: string) => SubscriptionRefused;

export function createRefuse(
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): Refuse {
  return (error, code) => {
    const { extensions, ...shown } = error.toJSON();
    const formatted = { ...shown, extensions: { ...extensions, ...(code !== undefined && { code }) } };
    return new SubscriptionRefused([formatError(formatted, error)]);
  };
}
