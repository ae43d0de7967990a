import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { EdgeContext } from '../context.ts';
import { actualCost } from './cost/actual-cost.ts';
import { withoutSuggestion } from './suggestions.ts';

function reckonAnswer(
  { data }: FormattedExecutionResult,
  { checked }: EdgeContext,
  variables: Readonly<Record<string, unknown>>,
): number {
  if (checked === null || data === undefined || data === null) return 0;
  return actualCost(checked.operation.cost, data, variables);
}

/**
 * Tells what an answer cost where the client asked or where what it did not use goes back to its budget, and takes the
 * names of the schema out of errors for those who may not see the schema.
 */
export function createAnswerPlugin(): ApolloServerPlugin<EdgeContext> {
  const listener: GraphQLRequestListener<EdgeContext> = {
    willSendResponse({ response, contextValue, request }) {
      if (response.body.kind !== 'single') return Promise.resolve();
      const result = response.body.singleResult;
      if (result.errors !== undefined && !contextValue.seesSchema)
        result.errors = result.errors.map(withoutSuggestion);
      const { checked, showsCost, settleCost } = contextValue;
      if (checked === null || (!showsCost && settleCost === undefined)) return Promise.resolve();
      const actual = reckonAnswer(result, contextValue, request.variables ?? {});
      settleCost?.(actual);
      if (showsCost)
        result.extensions = { ...result.extensions, cost: { requested: checked.requestedCost, actual } };
      return Promise.resolve();
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
