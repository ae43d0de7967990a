import type { Logger } from '@banyan/kit/service';
import type { EdgeContext } from '../context.ts';
import type { CallSubgraph } from '../engine/subgraph-call.ts';
import type { EdgeMetrics } from '../metrics.ts';
import type { SubgraphAnswer, SubgraphError } from './answer.ts';
import type { HopClient } from './hop-client.ts';
import { HopFailure } from './hop-failure.ts';
import { leavesOutcomeOpen, shownError, shownFailure, shownUnknown } from './shown-errors.ts';

/** The subgraphs as the engine sees them. They always answer: a failed hop is an answer with one error for all of it. */
export function createSubgraphCall(options: {
  /** The processes that take this kind of operation. */
  clientOf(subgraph: string, isMutation: boolean): HopClient;
  /** The longest that one hop may take, in milliseconds; the client's own deadline may be nearer. */
  hopTimeoutMs: number;
  metrics: Pick<EdgeMetrics, 'unknownOutcomes' | 'withoutRoom'>;
  log: Logger;
}): CallSubgraph<EdgeContext> {
  const { hopTimeoutMs, log } = options;
  const { unknownOutcomes, withoutRoom } = options.metrics;

  function note(subgraph: string, errors: readonly SubgraphError[], requestId: string): void {
    for (const error of errors) {
      if (error.extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED') {
        log.error(
          { subgraph, requestId, reason: error.message },
          'a subgraph does not have the schema it was composed with',
        );
      }
    }
  }

  return async (request, context) => {
    const { subgraph, isMutation, head, variables, wantsDependencies } = request;
    const { requestId, caller, language } = context;
    const deadlineAtMs = Math.min(context.deadlineAtMs, Date.now() + hopTimeoutMs);
    let answer: SubgraphAnswer;
    try {
      const operation = { head, variables, caller, requestId, language, deadlineAtMs, wantsDependencies };
      // A mutation runs to its end, whoever has gone.
      const presence = isMutation ? undefined : context.presence;
      const network = isMutation ? context.network : undefined;
      const sent = { ...operation, canRepeat: !isMutation, presence, network };
      answer = await options.clientOf(subgraph, isMutation).send(sent);
    } catch (error) {
      if (!(error instanceof HopFailure)) throw error;
      if (isMutation && error.mayHaveRun) unknownOutcomes.inc({ subgraph });
      if (error.kind === 'overloaded') withoutRoom.inc({ subgraph });
      return { data: null, errors: [shownFailure(error, isMutation)] };
    }
    const { data, errors, dependencies } = answer;
    if (errors === undefined) return { data, dependencies };
    note(subgraph, errors, requestId);
    if (isMutation && leavesOutcomeOpen(answer)) {
      unknownOutcomes.inc({ subgraph });
      return { data: null, errors: [shownUnknown()] };
    }
    return { data, errors: errors.map((error) => ({ ...shownError(error), path: error.path })) };
  };
}
