import type { FormattedExecutionResult } from 'graphql';

/** How much of an operation's data came. */
export type Outcome = 'data' | 'partial' | 'errors';

function hasData({ data }: FormattedExecutionResult): boolean {
  return Object.values(data ?? {}).some((value) => value !== null);
}

export function outcomeOf(result: FormattedExecutionResult): Outcome {
  if (result.errors === undefined || result.errors.length === 0) return 'data';
  return hasData(result) ? 'partial' : 'errors';
}

/**
 * The longest that overloaded subgraphs ask to wait, in seconds, when that is all there is to say; such a result becomes 503
 * with Retry-After.
 *
 * Why 503 and not 200: proxies, SDKs and load generators back off by status and header, not by the body, and nothing has
 * been executed that a 200 could vouch for. GraphQL over HTTP wants 2xx where `data` is present, so `data` is left out: the
 * request as a whole was refused. As soon as one field was answered the result is partial, and 200.
 */
export function overloadedForSeconds(result: FormattedExecutionResult): number | undefined {
  const { errors = [] } = result;
  if (errors.length === 0 || hasData(result)) return undefined;
  if (!errors.every((error) => error.extensions?.['code'] === 'OVERLOADED')) return undefined;
  return Math.max(
    1,
    ...errors.map((error) => Math.ceil(Number(error.extensions?.['retryAfterSeconds'] ?? 1)) || 1),
  );
}
