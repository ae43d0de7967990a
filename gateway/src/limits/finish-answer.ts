import type { FormattedExecutionResult } from 'graphql';
import type { EdgeContext } from '../context.ts';
import { actualCost } from './cost/actual-cost.ts';
import { withoutSuggestion } from './suggestions.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * What an answer cost. One that came with errors cost all that was asked: how far its subgraphs went before they failed
 * cannot be seen in it. One that was refused before it was executed cost nothing.
 */
function costOf(
  { data, errors }: FormattedExecutionResult,
  checked: NonNullable<EdgeContext['checked']>,
  variables: Variables,
): number {
  if (data === undefined) return 0;
  if (data === null || errors !== undefined) return checked.requestedCost;
  return actualCost(checked.operation.cost, data, variables);
}

/**
 * Tells what an answer cost where the client asked or where what it did not use goes back to its budget, and takes the
 * names of the schema out of errors for those who may not see the schema.
 */
export function finishAnswer(
  result: FormattedExecutionResult,
  { checked, seesSchema, showsCost, settleCost }: EdgeContext,
  variables: Variables,
): FormattedExecutionResult {
  const { errors } = result;
  const shown =
    errors === undefined || seesSchema ? result : { ...result, errors: errors.map(withoutSuggestion) };
  if (checked === null || (!showsCost && settleCost === undefined)) return shown;
  const actual = costOf(result, checked, variables);
  settleCost?.(actual);
  if (!showsCost) return shown;
  return {
    ...shown,
    extensions: { ...shown.extensions, cost: { requested: checked.requestedCost, actual } },
  };
}
