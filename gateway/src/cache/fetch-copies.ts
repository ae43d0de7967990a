import { isAnonymous } from '@banyan/kit/hop';
import type { EdgeContext } from '../context.ts';
import type { CallSubgraph, FetchAnswer, FetchRequest } from '../engine/subgraph-call.ts';
import { createAskAsStranger, type AskAsStranger, type Question } from './ask-as-stranger.ts';
import { entityKeysOf, keyOf } from './copy-key.ts';
import { land } from './flights.ts';
import { mergeBrought } from './merge-brought.ts';
import type { Shelf } from './shelf.ts';

/** Reads of others that a request waits for, one after the other, before it reads for itself. */
const maxSharedReads = 2;

export interface FetchCopiesOptions {
  /** The shelf of the graph that answers now. */
  readonly shelf: () => Shelf;
  /** Asks the subgraph. */
  readonly call: CallSubgraph<EdgeContext>;
  readonly count: (outcome: 'hit' | 'miss' | 'passed', by: number) => void;
}

/**
 * Answers fetches of what is the same for everybody from copies, and what is missing by asking the subgraph as a stranger:
 * what it says then is nobody's own. Whoever asks shares the copies, signed in or not.
 */
export function createFetchCopies(options: FetchCopiesOptions): CallSubgraph<EdgeContext> {
  const reader = new Reader(options);
  return (request, context) => reader.answer(request, context);
}

/** From the question of a fetch to its answer: a copy, a read that others share, or one of its own. */
class Reader {
  readonly #options: FetchCopiesOptions;
  readonly #ask: AskAsStranger;

  constructor(options: FetchCopiesOptions) {
    this.#options = options;
    this.#ask = createAskAsStranger(options.call);
  }

  answer(request: FetchRequest, context: EdgeContext): Promise<FetchAnswer> {
    const { copyable } = request;
    if (copyable === undefined) return this.#readAnew(request, context);
    const shelf = this.#options.shelf();
    const changes = shelf.changesOf(request.subgraph);
    if (changes === undefined || context.wantsFresh === true) {
      this.#options.count('passed', 1);
      return this.#readAnew(request, context);
    }
    const question = { request, copyable, context, shelf, changes };
    const { entities } = copyable;
    return entities === null ? this.#answerRoot(question, 1) : this.#answerEntities(question, entities, 1);
  }

  #readAnew(request: FetchRequest, context: EdgeContext): Promise<FetchAnswer> {
    context.copyLog?.readAnew();
    return this.#options.call(request, context);
  }

  /** What a stranger is not shown may yet be shown to this caller, such as an own draft. */
  #inOwnName({ request, context }: Question, answer: FetchAnswer): FetchAnswer | Promise<FetchAnswer> {
    return isAnonymous(context.caller) || !hasNothing(answer) ? answer : this.#readAnew(request, context);
  }

  async #answerRoot(question: Question, attempt: number): Promise<FetchAnswer> {
    const { request, copyable, context, changes, shelf } = question;
    const key = keyOf(request, copyable, context.language);
    const [copy] = await shelf.copies.find(request.subgraph, [key]);
    const flight = copy === undefined ? shelf.flights.join(key, changes.position) : undefined;
    if (copy === undefined && flight === undefined) {
      this.#options.count('miss', 1);
      const answer = await this.#ask(question, [key], []);
      return hasFailed(answer) ? answer : this.#inOwnName(question, answer);
    }
    const [landed] = await land([flight], context.deadlineAtMs);
    const found = copy ?? landed;
    if (found === undefined)
      return isAlone(attempt, context)
        ? this.#readAnew(request, context)
        : this.#answerRoot(question, attempt + 1);
    this.#options.count('hit', 1);
    context.copyLog?.use(found);
    return this.#inOwnName(question, { data: found.value as FetchAnswer['data'] });
  }

  async #answerEntities(
    question: Question,
    entities: readonly string[],
    attempt: number,
  ): Promise<FetchAnswer> {
    const { request, copyable, context, changes, shelf } = question;
    const keys = entityKeysOf(keyOf(request, copyable, context.language), entities);
    const kept = await shelf.copies.find(request.subgraph, keys);
    const flights = keys.map((key, index) =>
      kept[index] === undefined ? shelf.flights.join(key, changes.position) : undefined,
    );
    const missing = [...keys.keys()].filter(
      (index) => kept[index] === undefined && flights[index] === undefined,
    );
    const pick = (from: readonly string[]) => missing.map((index) => from[index] ?? '');
    const [landed, brought] = await Promise.all([
      land(flights, context.deadlineAtMs),
      missing.length === 0 ? undefined : this.#ask(question, pick(keys), pick(entities)),
    ]);
    if (flights.some((flight, index) => flight !== undefined && landed[index] === undefined))
      return isAlone(attempt, context)
        ? this.#readAnew(request, context)
        : this.#answerEntities(question, entities, attempt + 1);
    this.#options.count('hit', keys.length - missing.length);
    this.#options.count('miss', missing.length);
    const values = keys.map((_key, index): unknown => {
      const copy = kept[index] ?? landed[index];
      if (copy === undefined) return null;
      context.copyLog?.use(copy);
      return copy.value;
    });
    if (brought === undefined) return this.#inOwnName(question, { data: { _entities: values } });
    const answer = mergeBrought(brought, missing, values);
    return hasFailed(brought) ? answer : this.#inOwnName(question, answer);
  }
}

/** Whether a read that was shared and came to nothing is followed by one for this request alone. */
function isAlone(attempt: number, { deadlineAtMs }: EdgeContext): boolean {
  return attempt >= maxSharedReads || deadlineAtMs <= Date.now();
}

/** Whether a fetch failed altogether, so that it says nothing of what there is. */
function hasFailed({ errors = [] }: FetchAnswer): boolean {
  return errors.some(({ path }) => path === undefined);
}

/** Whether something that was looked for is not there. */
function hasNothing({ data }: FetchAnswer): boolean {
  if (data == null) return true;
  const entities = data['_entities'];
  return (Array.isArray(entities) ? entities : Object.values(data)).includes(null);
}
