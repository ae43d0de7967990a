import type { GraphqlServer } from '@banyan/kit/graphql';
import type { EdgeContext } from '../context.ts';
import type { AnswerType } from '../http/media-type.ts';
import type { GraphqlRequest } from '../http/read-request.ts';
import { finishAnswer } from '../limits/finish-answer.ts';
import type { EdgeMetrics } from '../metrics.ts';
import { outcomeOf, overloadedForSeconds } from './outcome.ts';

/** An answer as it goes over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** JSON text. */
  readonly body: string;
  /** Whether it was executed, and so is valid; its data may be null. */
  readonly hasData: boolean;
  /** Until when anybody may be told the same, in milliseconds since the epoch; undefined where nobody else may. */
  readonly sharedUntilMs?: number;
}

/** Runs one operation that is within the limits. */
export type RunOperation = (
  operation: GraphqlRequest,
  context: EdgeContext,
  type: AnswerType,
) => Promise<Answer>;

/**
 * GraphQL over HTTP: an operation that cannot be parsed, is not valid or has wrong variables is 400, but 200 for a client
 * that takes `application/json` alone, which cannot tell our 400 from a proxy's. What the edge refuses to protect itself
 * (limits, tokens, overload) has its own status for both: proxies and meters are to see it.
 */
function statusOf(status: number | undefined, type: AnswerType): number {
  return status === 400 && type === 'application/json' ? 200 : (status ?? 200);
}

/** Runs operations by the server of what the caller sees, and counts what came of them. */
export function createRunOperation(
  serverFor: (context: EdgeContext) => Pick<GraphqlServer<EdgeContext>, 'run'>,
  metrics: EdgeMetrics,
): RunOperation {
  return async ({ query, variables, operationName }, context, type) => {
    const operation = { query, variables, operationName: operationName ?? undefined };
    const { result, status } = await serverFor(context).run(operation, context);
    metrics.operations.inc({ outcome: outcomeOf(result) });
    const { errors, data, extensions } = finishAnswer(result, context, variables);
    const waitSeconds = overloadedForSeconds(result);
    if (waitSeconds !== undefined) {
      const headers = [['retry-after', String(waitSeconds)]] as const;
      return { status: 503, headers, body: JSON.stringify({ errors, extensions }), hasData: false };
    }
    return {
      status: statusOf(status, type),
      headers: [],
      // Errors first: who reads a long answer by eye is to see them.
      body: JSON.stringify({ errors, data, extensions }),
      hasData: data !== undefined,
    };
  };
}
