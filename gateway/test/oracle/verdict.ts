import { isDeepStrictEqual } from 'node:util';
import { Kind, parse, print, visit, type DocumentNode, type SelectionSetNode } from 'graphql';
import { isIncluded, type IsTrue } from '../../src/engine/conditions.ts';
import { isJsonObject } from '../../src/engine/json.ts';
import { decideConditions } from '../../src/engine/outcome-document.ts';
import type { Outcome } from './gateways.ts';
import type { MadeOperation } from './operations.ts';
import { notBrought } from './world.ts';

type Path = readonly (string | number)[];

/** Data without the prototypes that the stock gateway leaves out. */
export function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data ?? null));
}

/**
 * Cuts a path where the client asked no further; the stock gateway also names what only the plan asked for.
 * @param isTrue leaves out what conditions leave out; without it they count for nothing.
 */
export function cutter(document: DocumentNode, isTrue?: IsTrue): (path: Path) => Path {
  const fragments = new Map<string, SelectionSetNode>();
  const roots: SelectionSetNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
    if (definition.kind === Kind.OPERATION_DEFINITION) roots.push(definition.selectionSet);
  }
  const fieldsOf = (sets: readonly SelectionSetNode[]): { name: string; below: SelectionSetNode[] }[] =>
    sets.flatMap((set) =>
      set.selections.flatMap((selection) => {
        if (isTrue !== undefined && !isIncluded(selection, isTrue)) return [];
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          return [{ name, below: selection.selectionSet === undefined ? [] : [selection.selectionSet] }];
        }
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection.selectionSet
            : fragments.get(selection.name.value);
        return inner === undefined ? [] : fieldsOf([inner]);
      }),
    );
  return (path) => {
    let sets: readonly SelectionSetNode[] = roots;
    for (const [index, step] of path.entries()) {
      if (typeof step === 'number') continue;
      const named = fieldsOf(sets).filter(({ name }) => name === step);
      if (named.length === 0) return path.slice(0, index);
      sets = named.flatMap(({ below }) => below);
    }
    return path;
  };
}

/** Whether, wherever ours and the stock gateway's data differ, ours is the truth and the other is not. */
export function isRightWhereTheyDiffer(truth: unknown, ours: unknown, stock: unknown): boolean {
  if (isDeepStrictEqual(ours, stock) || isDeepStrictEqual(ours, truth)) return true;
  if (Array.isArray(truth) && Array.isArray(ours) && Array.isArray(stock)) {
    const isAlike = truth.length === ours.length && ours.length === stock.length;
    return isAlike && ours.every((each, index) => isRightWhereTheyDiffer(truth[index], each, stock[index]));
  }
  if (!isJsonObject(truth) || !isJsonObject(ours) || !isJsonObject(stock)) return false;
  const names = new Set([...Object.keys(truth), ...Object.keys(ours), ...Object.keys(stock)]);
  return [...names].every((name) => isRightWhereTheyDiffer(truth[name], ours[name], stock[name]));
}

/** Whether the stock gateway tells of a fetch that failed as a whole. */
export function isOfWholeFetch({ path }: { path?: Path }): boolean {
  return path?.at(-1) === '_entities';
}

const ownWords = 'A subgraph brought ';

function valueAt(data: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined || typeof data !== 'object' || data === null) return data;
  return valueAt((data as Readonly<Record<string | number, unknown>>)[step], rest);
}

/** Whether a path leads to a field that an object of the answer does not have: it was asked of another type. */
function isNotAsked(data: unknown, [step, ...rest]: Path = []): boolean {
  if (step === undefined || typeof data !== 'object' || data === null) return false;
  if (isJsonObject(data) && !Object.hasOwn(data, step)) return true;
  return isNotAsked((data as Readonly<Record<string | number, unknown>>)[step], rest);
}

/**
 * Where subgraphs' errors stand in one result and not in another, as JSON texts of paths; without those that stand at an object
 * which is there: they are of what only the plan asked for; and without those of what was not brought: they are of another type.
 */
export function errorsOnlyOf(one: Outcome, other: Outcome): string[] {
  const told = ({ data, errors = [] }: Outcome) =>
    errors
      .filter(({ message, path = [] }) => !message.startsWith(ownWords) && !isJsonObject(valueAt(data, path)))
      .map(({ path = [] }) => JSON.stringify(path));
  const others = new Set(told(other));
  return told(one).filter((path) => !others.has(path));
}

/** A result without what subgraphs say where they were asked for a field without what it requires: the gateway's own fault. */
export function withoutNotBrought(outcome: Outcome): Outcome {
  return {
    ...outcome,
    errors: outcome.errors?.filter(({ extensions }) => extensions?.['code'] !== notBrought) ?? [],
  };
}

/** What the two gateways' results have in common, or in what way they differ. */
export type Verdict = 'same' | 'element' | 'data' | 'errors';

/** What the variables of conditions are in one request. */
function conditionsOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): IsTrue {
  const defaults = new Map<string, unknown>();
  visit(document, {
    VariableDefinition: ({ variable, defaultValue }) => {
      if (defaultValue?.kind === Kind.BOOLEAN) defaults.set(variable.name.value, defaultValue.value);
    },
  });
  return (name) => (variables[name] ?? defaults.get(name)) === true;
}

/** The same operation as it is where its conditions are decided. */
export function withoutConditions({ query, plainQuery, variables }: MadeOperation): MadeOperation {
  const decide = (text: string) => {
    const document = parse(text);
    return print(decideConditions(document, conditionsOf(document, variables)));
  };
  return { query: decide(query), variables, ...(plainQuery && { plainQuery: decide(plainQuery) }) };
}

function isMutation({ definitions }: DocumentNode): boolean {
  return definitions.some((each) => each.kind === Kind.OPERATION_DEFINITION && each.operation === 'mutation');
}

/** Compares results: data in full, errors as sets of paths and codes. */
export function compare(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  stock: Outcome,
  ours: Outcome,
): Verdict {
  if (!isDeepStrictEqual(plain(stock.data), plain(ours.data))) return 'data';
  const cut = cutter(document);
  const cutToAsked = cutter(document, conditionsOf(document, variables));
  const tell = ({ path = [], extensions }: { path?: Path; extensions?: Readonly<Record<string, unknown>> }) =>
    JSON.stringify([cut(path), extensions?.['code'] ?? 'DOWNSTREAM_SERVICE_ERROR']);
  // A fetch that failed as a whole: ours tells it at each field that is left empty.
  const whole = new Set(stock.errors?.filter(isOfWholeFetch).map(({ message }) => message));
  const ownErrors = ours.errors?.filter(
    ({ message }) => !message.startsWith(ownWords) && !whole.has(message),
  );
  const fromOurs = new Set(ownErrors?.map(tell));
  // The stock gateway fetches what a literal condition leaves out, and tells of what went wrong there.
  const isLeftOut = ({ path = [] }: { path?: Path }) => cutToAsked(path).length < cut(path).length;
  const stockErrors = stock.errors?.filter(
    (error) => !isOfWholeFetch(error) && !(isLeftOut(error) && !fromOurs.has(tell(error))),
  );
  const fromStock = new Set(stockErrors?.map(tell));
  // Nulls that may not be are told by the stock gateway only while nothing else went wrong.
  if (fromStock.size === 0 && fromOurs.size === 0 && whole.size === 0) {
    const places = (list: readonly { path?: Path }[] = []) =>
      new Set(list.map(({ path }) => JSON.stringify(path)));
    const completed = places(stock.extensions?.valueCompletion);
    return isDeepStrictEqual(completed, places(ours.errors)) ? 'same' : 'errors';
  }
  if (isDeepStrictEqual(fromStock, fromOurs)) return 'same';
  // Of a mutation of which nothing is left, one gateway may have sent in two hops what the other sent in one, which ended at
  // its first error.
  if (ours.data === null && isMutation(document) && [...fromOurs].every((told) => fromStock.has(told)))
    return 'same';
  // Of a result of which nothing is left, each may tell another of the errors that have made it so.
  const codes = (all: Set<string>) => new Set([...all].map((text) => (JSON.parse(text) as unknown[])[1]));
  if (ours.data === null && isDeepStrictEqual(codes(fromStock), codes(fromOurs))) return 'same';
  // The stock gateway also tells of what went wrong at a field that was asked of another type than the object's.
  const atAsked = stockErrors?.filter(({ path }) => !isNotAsked(stock.data, path));
  if (isDeepStrictEqual(new Set(atAsked?.map(tell)), fromOurs)) return 'same';
  const anyElement = (all: Set<string>) => new Set([...all].map((text) => text.replaceAll(/\b\d+\b/g, '#')));
  return isDeepStrictEqual(anyElement(fromStock), anyElement(fromOurs)) ? 'element' : 'errors';
}
