import { anyKey, dependency } from '@banyan/kit/events';
import { anonymous } from '@banyan/kit/hop';
import type { EdgeContext } from '../context.ts';
import type { CallSubgraph, CopyableFetch, FetchAnswer, FetchRequest } from '../engine/subgraph-call.ts';
import type { ChangeLog } from './change-log.ts';
import type { Copy } from './copy.ts';
import type { Shelf } from './shelf.ts';

/** One request for a fetch that may be answered by copies. */
export interface Question {
  readonly request: FetchRequest;
  readonly copyable: CopyableFetch;
  readonly context: EdgeContext;
  readonly shelf: Shelf;
  readonly changes: ChangeLog;
}

function variablesText(copyable: CopyableFetch, entities: readonly string[]): string {
  const representations = copyable.entities === null ? '' : `"representations":[${entities.join(',')}]`;
  return `{${[representations, copyable.variables].filter((text) => text !== '').join(',')}}`;
}

/**
 * What a copy of one entity shows: all that the fetch showed, or where nothing below entities is asked, itself and what any
 * object of a type may join, such as a list of names.
 */
function objectsOf(
  copyable: CopyableFetch,
  entity: string | undefined,
  dependencies: readonly string[],
): readonly string[] {
  if (entity === undefined) return dependencies;
  const { __typename: type, id } = JSON.parse(entity) as Record<string, unknown>;
  if (typeof type !== 'string') return dependencies;
  // Known by another key than its id, it may be any of its type.
  const itself = dependency(type, typeof id === 'string' ? id : anyKey);
  const others = copyable.isFlat
    ? dependencies.filter((each) => each.endsWith(dependency('', anyKey)))
    : dependencies;
  return [itself, ...others];
}

/** Asks a subgraph in nobody's name for what is missing, and keeps what it says. */
export type AskAsStranger = (
  question: Question,
  keys: readonly string[],
  /** Representations of the entities that are missing; none for a fetch from the root. */
  entities: readonly string[],
) => Promise<FetchAnswer>;

export function createAskAsStranger(call: CallSubgraph<EdgeContext>): AskAsStranger {
  return async (question, keys, entities) => {
    const { request, copyable, context, changes } = question;
    const { copies, flights } = question.shelf;
    const { position } = changes;
    const expiresAtMs = Date.now() + copyable.maxAgeSeconds * 1_000;
    const nobody: EdgeContext = {
      ...context,
      caller: anonymous,
      copyLog: undefined,
      presence: undefined,
    };
    const variables = variablesText(copyable, entities);
    const answer = call({ ...request, variables, wantsDependencies: true }, nobody);
    const kept = answer.then((given) => keep(given));
    // Who has said how long to wait may get no answer where others would: the others read for themselves.
    if (!context.hasOwnDeadline)
      for (const [index, key] of keys.entries())
        flights.open(
          key,
          position,
          kept.then((made) => made[index]),
        );
    await kept;
    return answer;

    function keep({ data, errors, dependencies }: FetchAnswer): Copy[] {
      const values = copyable.entities === null ? [data] : data?.['_entities'];
      const isKept = data != null && errors === undefined && dependencies !== undefined;
      if (!isKept || !Array.isArray(values) || values.length !== keys.length) {
        context.copyLog?.readAnew();
        return [];
      }
      return keys.map((key, index) => {
        const objects = objectsOf(copyable, entities[index], dependencies);
        const copy = {
          subgraph: request.subgraph,
          value: values[index] as unknown,
          objects,
          position,
          expiresAtMs,
        };
        copies.put(key, copy);
        context.copyLog?.use(copy);
        return copy;
      });
    }
  };
}
