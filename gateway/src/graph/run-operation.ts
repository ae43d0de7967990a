import type { ApolloServer } from '@apollo/server';
import type { EdgeContext } from '../context.ts';
import type { AnswerType } from '../http/media-type.ts';
import type { GraphqlRequest } from '../http/read-request.ts';

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

/** Runs operations by Apollo Server: by the one that serves what the caller sees. */
export function createRunOperation(
  serverFor: (context: EdgeContext) => ApolloServer<EdgeContext>,
): RunOperation {
  return async ({ query, variables, operationName }, contextValue, type) => {
    const operation = { query, variables, operationName: operationName ?? undefined };
    const { http, body } = await serverFor(contextValue).executeOperation(operation, { contextValue });
    if (body.kind !== 'single')
      throw new Error('An operation was answered in parts, which the edge does not serve.');
    const { errors, data, extensions } = body.singleResult;
    return {
      status: statusOf(http.status, type),
      headers: [...http.headers],
      // Errors first: who reads a long answer by eye is to see them.
      body: JSON.stringify({ errors, data, extensions }),
      hasData: data !== undefined,
    };
  };
}
