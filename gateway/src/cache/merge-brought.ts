import type { FetchAnswer, FetchError } from '../engine/subgraph-call.ts';

/** Puts what a subgraph brought for the missing entities beside the copies of the others. */
export function mergeBrought(
  answer: FetchAnswer,
  missing: readonly number[],
  values: unknown[],
): FetchAnswer {
  const brought = answer.data?.['_entities'];
  if (Array.isArray(brought) && brought.length === missing.length)
    for (const [index, place] of missing.entries()) values[place] = brought[index];
  const data = { _entities: values };
  if (answer.errors === undefined) return { data };
  return { data, errors: answer.errors.flatMap((error) => placeError(error, missing)) };
}

/** An error of the smaller fetch, at its places in the whole one. Without a place it befalls all that was missing. */
function placeError(error: FetchError, missing: readonly number[]): FetchError[] {
  const [root, index, ...rest] = error.path ?? [];
  if (root === '_entities' && typeof index === 'number')
    return [{ ...error, path: ['_entities', missing[index] ?? index, ...rest] }];
  return missing.map((place) => ({ ...error, path: ['_entities', place] }));
}
