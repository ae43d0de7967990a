import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { EdgeContext } from '../context.ts';
import type { EdgeMetrics } from '../metrics.ts';

function hasData(result: FormattedExecutionResult): boolean {
  return Object.values(result.data ?? {}).some((value) => value !== null);
}

/** The longest that an overloaded subgraph asks to wait, in seconds, when that is all there is to say. */
function overloadedForSeconds(result: FormattedExecutionResult): number | undefined {
  const errors = result.errors ?? [];
  if (errors.length === 0 || hasData(result)) return undefined;
  if (!errors.every((error) => error.extensions?.['code'] === 'OVERLOADED')) return undefined;
  return Math.max(
    1,
    ...errors.map((error) => Math.ceil(Number(error.extensions?.['retryAfterSeconds'] ?? 1)) || 1),
  );
}

/**
 * Counts what came of operations, and turns a result that says nothing but "overloaded" into 503 with Retry-After.
 *
 * Why 503 and not 200: proxies, SDKs and load generators back off by status and header, not by the body, and nothing has
 * been executed that a 200 could vouch for. GraphQL over HTTP wants 2xx where `data` is present, so `data` is left out: the
 * request as a whole was refused. As soon as one field was answered the result is partial, and 200.
 */
export function createOutcomePlugin(metrics: EdgeMetrics): ApolloServerPlugin<EdgeContext> {
  const listener: GraphQLRequestListener<EdgeContext> = {
    willSendResponse({ response }) {
      if (response.body.kind !== 'single') return Promise.resolve();
      const result = response.body.singleResult;
      const failed = result.errors !== undefined && result.errors.length > 0;
      metrics.operations.inc({ outcome: !failed ? 'data' : hasData(result) ? 'partial' : 'errors' });
      const waitSeconds = overloadedForSeconds(result);
      if (waitSeconds !== undefined) {
        response.body.singleResult = { errors: result.errors ?? [] };
        response.http.status = 503;
        response.http.headers.set('retry-after', String(waitSeconds));
      }
      return Promise.resolve();
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
