import type { FetchNode } from '@apollo/query-planner';
import { compileContext, type ContextShape } from './context-arguments.ts';
import type { CopyPolicy, CopyRules } from './copy-rules.ts';
import type { EntityKeys } from './entity-keys.ts';
import { EmptyPlaces } from './empty-places.ts';
import { RepresentationShape } from './representation.ts';
import { compilePathRenames, compileRewrites, type Rewrite } from './rewrites.ts';
import type { CopyableFetch, FetchRequest } from './subgraph-call.ts';
import type { TypeRelations } from './type-relations.ts';

/** One operation on one subgraph, with everything about it that does not change from request to request. */
export interface Fetch {
  subgraph: string;
  isMutation: boolean;
  /** JSON text of query and operation name as they travel, without the closing brace. */
  head: string;
  /** Variables of the client that it uses, with the JSON text of each one's name and colon. */
  variables: readonly { name: string; key: string }[];
  /** Null for a fetch from the root of a subgraph. */
  representation: RepresentationShape | null;
  context: ContextShape | null;
  rewriteInput: Rewrite | null;
  rewriteOutput: Rewrite | null;
  renamePath(path: readonly (string | number)[]): readonly (string | number)[];
  /** Fetches with the same key ask the same of their entities, so that one operation can serve them. */
  sameKey: string;
  emptyPlaces: EmptyPlaces;
  /** How copies of its answers may be kept; undefined when they may not. */
  copyPolicy: CopyPolicy | undefined;
}

/** What is known of the graph when a fetch is compiled. */
export interface FetchSource {
  readonly relations: TypeRelations;
  readonly copyRules: CopyRules;
  readonly entityKeys: EntityKeys;
}

/** The text of an operation without its name, which the planner numbers through. */
function withoutName({ operation, operationName }: FetchNode): string {
  return operationName === undefined ? operation : operation.replace(operationName, '');
}

export function compileFetch(node: FetchNode, { relations, copyRules, entityKeys }: FetchSource): Fetch {
  const { operation: query, operationName, requires, serviceName: subgraph } = node;
  const rewrites = [node.inputRewrites, node.outputRewrites, node.contextRewrites];
  const keysOf = (typename: string) => entityKeys.of(subgraph, typename);
  const context = compileContext(node.contextRewrites, relations);
  return {
    subgraph,
    isMutation: node.operationKind === 'mutation',
    head: JSON.stringify({ query, operationName }).slice(0, -1),
    variables: (node.variableUsages ?? [])
      .filter((name) => context?.names.has(name) !== true)
      .map((name) => ({ name, key: `${JSON.stringify(name)}:` })),
    representation: requires === undefined ? null : new RepresentationShape(requires, relations, keysOf),
    context,
    rewriteInput: compileRewrites(node.inputRewrites, relations),
    rewriteOutput: compileRewrites(node.outputRewrites, relations),
    renamePath: compilePathRenames(node.outputRewrites),
    sameKey: [subgraph, withoutName(node), JSON.stringify(rewrites)].join('\n'),
    emptyPlaces: new EmptyPlaces(query, requires !== undefined, relations),
    copyPolicy: context === null ? copyRules.policyOf(query) : undefined,
  };
}

/** JSON text of the members of `variables` that the client gave, such as `"first":3,"slug":"a"`. */
export function writeVariables(fetch: Fetch, given: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const { name, key } of fetch.variables) {
    if (!Object.hasOwn(given, name) || given[name] === undefined) continue;
    text += `${text === '' ? '' : ','}${key}${JSON.stringify(given[name])}`;
  }
  return text;
}

/** What a fetch asks for in one request, cut as copies of its answer are kept. */
export type CopyParts = Omit<CopyableFetch, keyof CopyPolicy>;

/** @param variables JSON text of the members of the variables, which may be empty. */
export function requestOf(
  { subgraph, isMutation, head, copyPolicy }: Fetch,
  variables: string,
  parts: CopyParts,
): FetchRequest {
  return {
    subgraph,
    isMutation,
    head,
    variables: variables === '' ? undefined : `{${variables}}`,
    copyable: copyPolicy && { ...copyPolicy, ...parts },
  };
}
