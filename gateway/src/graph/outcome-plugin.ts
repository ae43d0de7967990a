import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { Logger } from '@banyan/kit/service';
import type { FormattedExecutionResult } from 'graphql';
import type { EdgeContext } from '../context.ts';
import { hiddenFailure } from '../errors.ts';
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

/** The executor reports a null that may not be null beside the errors; a client looks for it among them. */
function showBrokenNulls(
  result: FormattedExecutionResult,
  requestId: string,
  log: Logger,
): FormattedExecutionResult {
  const { valueCompletion, ...extensions } = result.extensions ?? {};
  if (!Array.isArray(valueCompletion) || valueCompletion.length === 0) return result;
  log.error({ requestId, valueCompletion }, 'a subgraph left out what may not be null');
  const errors = valueCompletion.map(({ path }: { path?: readonly (string | number)[] }) => ({
    ...hiddenFailure,
    ...(path !== undefined && { path }),
  }));
  const rest = Object.keys(extensions).length > 0 ? { extensions } : {};
  return { data: result.data ?? null, errors: [...(result.errors ?? []), ...errors], ...rest };
}

/**
 * Counts what came of operations, and turns a result that says nothing but "overloaded" into 503 with Retry-After.
 *
 * Why 503 and not 200: proxies, SDKs and load generators back off by status and header, not by the body, and nothing has
 * been executed that a 200 could vouch for. GraphQL over HTTP wants 2xx where `data` is present, so `data` is left out: the
 * request as a whole was refused. As soon as one field was answered the result is partial, and 200.
 */
export function createOutcomePlugin(metrics: EdgeMetrics, log: Logger): ApolloServerPlugin<EdgeContext> {
  const listener: GraphQLRequestListener<EdgeContext> = {
    willSendResponse({ response, contextValue }) {
      if (response.body.kind !== 'single') return Promise.resolve();
      const result = showBrokenNulls(response.body.singleResult, contextValue.requestId, log);
      response.body.singleResult = result;
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
