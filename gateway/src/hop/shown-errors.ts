import { hiddenFailure, shownExtensions } from '../errors.ts';
import type { SubgraphAnswer, SubgraphError } from './answer.ts';
import type { HopFailure } from './hop-failure.ts';

interface Shown {
  message: string;
  extensions: Record<string, unknown>;
}

const outcomeUnknown: Shown = {
  message:
    'It is not known whether this took effect. Repeat it with the same key, which gives the first result and never a second effect, or ask what became of the key (donationByKey).',
  extensions: { code: 'OUTCOME_UNKNOWN', retryable: true },
};
const deadlineExceeded: Shown = {
  message: 'The answer did not come in time.',
  extensions: { code: 'DEADLINE_EXCEEDED', retryable: true },
};
const unavailable: Shown = {
  message: 'This part of the graph is not available at the moment.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryable: true },
};
const overloaded: Shown = {
  message: 'There is more to do than can be done. Try again in a moment.',
  extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 },
};

/** What the client is told of a hop that brought no answer. */
export function shownFailure(failure: HopFailure, isMutation: boolean): Shown {
  if (isMutation && failure.mayHaveRun) return outcomeUnknown;
  switch (failure.kind) {
    case 'late':
    case 'abandoned':
      return deadlineExceeded;
    case 'overloaded':
      return overloaded;
    case 'unavailable':
      return unavailable;
    default:
      return failure.kind satisfies never;
  }
}

/** Codes by which a subgraph says that the edge asked wrongly: no fault of the client, and full of the subgraph's names. */
const faultsOfTheEdge = new Set<unknown>([
  undefined,
  'INTERNAL_SERVER_ERROR',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
]);

/**
 * Codes by which a subgraph says that it does not know itself what became of its work: it gave up waiting for it, or lost its
 * database on the way, perhaps in the commit.
 */
const unknownOutcomes = new Set<unknown>(['DEADLINE_EXCEEDED', 'SUBGRAPH_UNAVAILABLE']);

/** Whether the subgraph that answers so does not know whether its mutation took effect. */
export function leavesOutcomeOpen({ data, errors = [] }: SubgraphAnswer): boolean {
  return data == null && errors.some(({ extensions }) => unknownOutcomes.has(extensions?.['code']));
}

/** What the client is told of a subgraph's error. */
export function shownError(error: SubgraphError): Shown {
  const extensions = error.extensions ?? {};
  if (faultsOfTheEdge.has(extensions['code']))
    return { message: hiddenFailure.message, extensions: { ...hiddenFailure.extensions } };
  return { message: error.message, extensions: shownExtensions(extensions) };
}

/** What the client is told of a mutation whose effect nobody here knows. */
export function shownUnknown(): Shown {
  return outcomeUnknown;
}
