import type { GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from '@banyan/kit/service';
import type { EdgeContext } from '../context.ts';
import type { SubgraphAnswer, SubgraphError } from './answer.ts';
import type { HopClient } from './hop-client.ts';
import { HopFailure } from './hop-failure.ts';
import { placesOf } from './places.ts';
import { gaveUpWaiting, shownError, shownFailure, shownUnknown } from './shown-errors.ts';

/** A subgraph as the executor sees it. It always answers: a failed hop is an answer of errors, each at its place. */
export function createDataSource(options: {
  subgraph: string;
  client: HopClient;
  /** The longest that one hop may take, in milliseconds; the client's own deadline may be nearer. */
  hopTimeoutMs: number;
  log: Logger;
}): GraphQLDataSource<EdgeContext> {
  const { client, hopTimeoutMs, log, subgraph } = options;

  function note(errors: readonly SubgraphError[], requestId: string): void {
    for (const error of errors) {
      if (error.extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED') {
        log.error(
          { subgraph, requestId, reason: error.message },
          'a subgraph does not have the schema it was composed with',
        );
      }
    }
  }

  return {
    async process({ request, context }) {
      const { requestId, caller, language, deadlineAtMs } = context as EdgeContext;
      const { query = '', variables, operationName } = request;
      const isMutation = query.startsWith('mutation');
      const everywhere = (shown: { message: string; extensions: Record<string, unknown> }) =>
        placesOf(query, variables).map((path) => ({ ...shown, path }));

      let answer: SubgraphAnswer;
      try {
        answer = await client.send({
          query,
          variables,
          operationName,
          caller,
          requestId,
          language,
          deadlineAtMs: Math.min(deadlineAtMs, Date.now() + hopTimeoutMs),
        });
      } catch (error) {
        if (!(error instanceof HopFailure)) throw error;
        if (isMutation && error.mayHaveRun)
          log.warn({ subgraph, requestId, err: error }, 'the outcome of a mutation is unknown');
        return { data: null, errors: everywhere(shownFailure(error, isMutation)) };
      }
      if (answer.errors === undefined) return { data: answer.data ?? null };
      note(answer.errors, requestId);
      if (isMutation && gaveUpWaiting(answer)) return { data: null, errors: everywhere(shownUnknown()) };
      const errors = answer.errors.flatMap((error) => {
        const shown = shownError(error);
        return error.path === undefined ? everywhere(shown) : [{ ...shown, path: error.path }];
      });
      return { data: answer.data ?? null, errors };
    },
  };
}
