import { createHash } from 'node:crypto';
import { isAnonymous, pickLanguage } from '@banyan/kit/hop';
import type { EdgeContext } from '../context.ts';
import type {
  CallSubgraph,
  CopyableFetch,
  FetchAnswer,
  FetchError,
  FetchRequest,
} from '../engine/subgraph-call.ts';
import { createAskAsStranger, type Question } from './ask-as-stranger.ts';
import type { Shelf } from './shelf.ts';

export interface FetchCopiesOptions {
  /** The shelf of the graph that answers now. */
  readonly shelf: () => Shelf;
  /** Asks the subgraph. */
  readonly call: CallSubgraph<EdgeContext>;
  readonly count: (outcome: 'hit' | 'miss' | 'passed', by: number) => void;
}

/**
 * The same key stands for the same question, kept by the same rules. The rules are part of it, so that a request which began on
 * another version of the graph and goes on beside this one cannot mix its copies with these.
 */
function keyOf(
  request: FetchRequest,
  copyable: CopyableFetch,
  language: string | undefined,
  entity: string,
): string {
  const { maxAgeSeconds, isFlat, variables } = copyable;
  const rules = `${maxAgeSeconds} ${isFlat}`;
  const parts = [request.subgraph, pickLanguage(language), rules, request.head, variables, entity];
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

/**
 * Answers fetches of what is the same for everybody from copies, and what is missing by asking the subgraph as a stranger:
 * what it says then is nobody's own. Whoever asks shares the copies, signed in or not.
 */
export function createFetchCopies(options: FetchCopiesOptions): CallSubgraph<EdgeContext> {
  const { call, count } = options;
  const ask = createAskAsStranger(call);

  async function readAnew(request: FetchRequest, context: EdgeContext): Promise<FetchAnswer> {
    context.copyLog?.readAnew();
    return call(request, context);
  }

  /** What a stranger is not shown may yet be shown to this caller, such as an own draft. */
  async function inOwnName({ request, context }: Question, answer: FetchAnswer): Promise<FetchAnswer> {
    return isAnonymous(context.caller) || !hasNothing(answer) ? answer : readAnew(request, context);
  }

  async function answerRoot(question: Question): Promise<FetchAnswer> {
    const { request, copyable, context, changes, shelf } = question;
    const { copies, flights } = shelf;
    const key = keyOf(request, copyable, context.language, '');
    const [copy] = await copies.find(request.subgraph, [key]);
    const found = copy ?? (await flights.join(key, changes.position));
    count(found === undefined ? 'miss' : 'hit', 1);
    if (found === undefined) return inOwnName(question, await ask(question, [key], []));
    context.copyLog?.use(found);
    return inOwnName(question, { data: JSON.parse(found.text) as Record<string, unknown> });
  }

  async function answerEntities(question: Question, entities: readonly string[]): Promise<FetchAnswer> {
    const { request, copyable, context, changes, shelf } = question;
    const { copies, flights } = shelf;
    const keys = entities.map((entity) => keyOf(request, copyable, context.language, entity));
    const found = await copies.find(request.subgraph, keys);
    const joined = keys.map((key, index) => {
      const copy = found[index];
      return copy === undefined ? flights.join(key, changes.position) : Promise.resolve(copy);
    });
    const missing = [...keys.keys()].filter((index) => joined[index] === undefined);
    const asked =
      missing.length === 0
        ? undefined
        : ask(
            question,
            missing.map((index) => keys[index] ?? ''),
            missing.map((index) => entities[index] ?? ''),
          );
    const present = await Promise.all(joined.map(async (copy) => copy));
    // Who was joined may have failed: then everything is asked for in this request's own name.
    const isWhole = present.every((copy, index) => copy !== undefined || joined[index] === undefined);
    if (!isWhole) {
      await asked;
      return readAnew(request, context);
    }
    count('hit', keys.length - missing.length);
    count('miss', missing.length);
    const values: unknown[] = present.map((copy) => {
      if (copy === undefined) return null;
      context.copyLog?.use(copy);
      return JSON.parse(copy.text) as unknown;
    });
    const answer =
      asked === undefined ? { data: { _entities: values } } : merge(await asked, missing, values);
    return inOwnName(question, answer);
  }

  return async (request, context) => {
    const { copyable } = request;
    if (copyable === undefined) return readAnew(request, context);
    const shelf = options.shelf();
    const changes = shelf.copies.changesOf(request.subgraph);
    if (changes === undefined || context.wantsFresh === true) {
      count('passed', 1);
      return readAnew(request, context);
    }
    const question = { request, copyable, context, shelf, changes };
    return copyable.entities === null ? answerRoot(question) : answerEntities(question, copyable.entities);
  };
}

/** Whether something that was looked for is not there. */
function hasNothing({ data }: FetchAnswer): boolean {
  if (data == null) return true;
  const entities = data['_entities'];
  return (Array.isArray(entities) ? entities : Object.values(data)).includes(null);
}

/** Puts what a subgraph brought for the missing entities beside the copies of the others. */
function merge(answer: FetchAnswer, missing: readonly number[], values: unknown[]): FetchAnswer {
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
