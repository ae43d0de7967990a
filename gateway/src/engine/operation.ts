import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { LRUCache } from 'lru-cache';
import { getVariableValues } from 'graphql/execution/values.js';
import { ClientPaths } from './client-paths.ts';
import { conditionVariables, isIncluded } from './conditions.ts';
import { Completion } from './complete.ts';
import { Execution } from './execution.ts';
import { introspect } from './introspection.ts';
import { ownValue, type JsonObject } from './json.ts';
import { OperationRefused, refuseReservedNames, requireRoot } from './operation-refused.ts';
import { decideConditions, needsPlanPerOutcome } from './outcome-document.ts';
import { ObjectShape } from './shape.ts';
import { planDocument, type PlannedDocument } from './planned-document.ts';
import { writeVariables } from './fetch.ts';
import { compilePrimary, compileSteps, type FetchStep, type Step } from './steps.ts';
import type { CallSubgraph, FetchAnswer, FetchRequest } from './subgraph-call.ts';
import type { ClientOperation, Supergraph } from './supergraph.ts';
import { compileVariableCheck } from './variable-check.ts';

/** What an operation is for one outcome of its conditions. */
export interface Variant {
  /** The stream of a subscription. */
  primary: FetchStep | null;
  step: Step | null;
  shape: ObjectShape;
}

/** Variants of any number of operations, of which the least used are forgotten. */
export type Variants = LRUCache<string, Variant>;

let compiledCount = 0;

/** What is asked of a subgraph for the stream of a subscription. */
export type StreamRequest = Pick<FetchRequest, 'subgraph' | 'head' | 'variables'>;

export interface OperationResult {
  data?: JsonObject | null;
  errors?: readonly GraphQLError[];
}

/** The operation that `definition` was before it was written for the planner, with all fragments. */
function ownPart(
  planned: DocumentNode,
  definition: OperationDefinitionNode,
): { operation: OperationDefinitionNode; fragments: FragmentDefinitionNode[] } {
  const isOwn = (each: DefinitionNode): each is OperationDefinitionNode =>
    each.kind === Kind.OPERATION_DEFINITION && each.name?.value === definition.name?.value;
  const operation = planned.definitions.find(isOwn) ?? definition;
  const fragments = planned.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
  return { operation, fragments };
}

/** An operation of a client, planned and compiled once. */
export class CompiledOperation {
  readonly #supergraph: Supergraph;
  /** What the client sees of the graph: of inputs and of introspection nothing else may count. */
  readonly #schema: GraphQLSchema;
  readonly #root: GraphQLObjectType;
  readonly #definition: OperationDefinitionNode;
  readonly #document: DocumentNode;
  /** The selections and fragments as they are planned; see planDocument. */
  readonly #selectionSet: SelectionSetNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Null for an operation that is planned for each outcome of its conditions. */
  readonly #plan: QueryPlan | null;
  readonly #overrides: readonly string[];
  readonly #areRight: (given: Readonly<Record<string, unknown>>) => boolean;
  readonly #conditions: readonly string[];
  readonly #planned: PlannedDocument;
  readonly #clientPaths: ClientPaths;
  readonly #variants: Variants;
  /** Stands before the keys of its variants. */
  readonly #number: number;

  /** @throws GraphQLError when there is no such operation, or it cannot be planned. */
  constructor(
    supergraph: Supergraph,
    { view, document, operationName, overrides = [] }: ClientOperation,
    variants: Variants,
  ) {
    const definition = getOperationAST(document, operationName);
    if (definition == null)
      throw new OperationRefused('There is no operation of that name.', 'OPERATION_RESOLUTION_FAILURE');
    this.#supergraph = supergraph;
    this.#variants = variants;
    this.#number = compiledCount += 1;
    this.#schema = supergraph.schemaOf(view);
    this.#root = requireRoot(this.#schema, definition);
    this.#document = document;
    this.#definition = definition;
    this.#planned = planDocument(document, supergraph.planNames);
    const own = ownPart(this.#planned.document, definition);
    this.#selectionSet = own.operation.selectionSet;
    this.#fragments = new Map(own.fragments.map((each) => [each.name.value, each]));
    this.#clientPaths = new ClientPaths(this.#planned.clientName);
    this.#conditions = [...conditionVariables(document)];
    refuseReservedNames(document, definition);
    this.#areRight = compileVariableCheck(this.#schema, definition.variableDefinitions ?? []);
    this.#overrides = overrides;
    this.#plan = needsPlanPerOutcome(document, supergraph.requiringFields)
      ? null
      : this.#planFor(this.#planned.document);
    this.#clientPaths.add(this.#selectionSet, this.#fragments);
  }

  /** Runs the operation with variables as the client gave them. */
  async run<Context>(
    given: Readonly<Record<string, unknown>>,
    call: CallSubgraph<Context>,
    context: Context,
  ): Promise<OperationResult> {
    const wrong = this.#checkVariables(given);
    if (wrong !== undefined) return { errors: wrong };
    if (this.isSubscription) throw new OperationRefused('A subscription has no one answer.');
    return this.#run(given, null, call, context);
  }

  /** Whether it is answered by a stream of results; see `streamOf` and `runEvent`. */
  get isSubscription(): boolean {
    return this.#definition.operation === OperationTypeNode.SUBSCRIPTION;
  }

  /**
   * The operation whose stream at a subgraph brings the events of a subscription.
   * @throws OperationRefused when the variables are wrong.
   */
  streamOf(given: Readonly<Record<string, unknown>>): StreamRequest {
    const [wrong] = this.#checkVariables(given) ?? [];
    if (wrong !== undefined) throw new OperationRefused(wrong.message);
    const { primary } = this.#variantFor(given);
    if (primary === null) throw new OperationRefused('This subscription follows nothing.');
    const { subgraph, head } = primary.fetch;
    const variables = writeVariables(primary.fetch, given);
    return { subgraph, head, variables: variables === '' ? undefined : `{${variables}}` };
  }

  /** The result of one event of `streamOf`: what it brought, and the rest of the selection by plan. */
  runEvent<Context>(
    given: Readonly<Record<string, unknown>>,
    event: FetchAnswer,
    call: CallSubgraph<Context>,
    context: Context,
  ): Promise<OperationResult> {
    return this.#run(given, event, call, context);
  }

  async #run<Context>(
    given: Readonly<Record<string, unknown>>,
    event: FetchAnswer | null,
    call: CallSubgraph<Context>,
    context: Context,
  ): Promise<OperationResult> {
    const { primary, step, shape } = this.#variantFor(given);
    const execution = new Execution<Context>({
      variables: given,
      relations: this.#supergraph.relations,
      clientPaths: this.#clientPaths,
      call,
      context,
    });
    if (primary !== null && event !== null) execution.begin(primary, event);
    if (step !== null) await execution.run(step);
    const introspection = introspect(this.#schema, this.#document, this.#definition, given);
    const completion = new Completion(introspection);
    const data = completion.complete(shape, execution.data);
    const errors = execution.errors;
    for (const { path, reason } of completion.places) {
      const isOfLostRoot = execution.isRootLost && path.length === 1;
      if (!isOfLostRoot && !isExplained(path, errors))
        errors.push(new GraphQLError(`A subgraph brought ${reason}.`, { path }));
    }
    return errors.length === 0 ? { data } : { data, errors };
  }

  #planFor(planned: DocumentNode): QueryPlan {
    const { operation, fragments } = ownPart(planned, this.#definition);
    const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] } as const;
    return this.#supergraph.planner.buildQueryPlan(
      operationFromDocument(this.#supergraph.apiSchema, document, { validate: false }),
      { overrideConditions: new Map(this.#overrides.map((label) => [label, true])) },
    );
  }

  #checkVariables(given: Readonly<Record<string, unknown>>): readonly GraphQLError[] | undefined {
    const definitions = this.#definition.variableDefinitions ?? [];
    if (this.#areRight(given)) return undefined;
    return getVariableValues(this.#schema, definitions, { ...given }).errors;
  }

  #variantFor(given: Readonly<Record<string, unknown>>): Variant {
    let key = `${this.#number} `;
    const isTrue = (name: string) => ownValue(given, name) ?? this.#defaultOf(name);
    for (const name of this.#conditions) key += isTrue(name) === true ? '1' : '0';
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      variant = this.#compile((name) => isTrue(name) === true);
      this.#variants.set(key, variant);
    }
    return variant;
  }

  #defaultOf(name: string): unknown {
    const definition = this.#definition.variableDefinitions?.find(
      (each) => each.variable.name.value === name,
    );
    return definition?.defaultValue?.kind === Kind.BOOLEAN ? definition.defaultValue.value : undefined;
  }

  #compile(isTrue: (variable: string) => boolean): Variant {
    const schema = this.#schema;
    const isAsked = (selection: SelectionNode) => isIncluded(selection, isTrue);
    const { clientName, hiddenName } = this.#planned;
    const plan = this.#plan ?? this.#planFor(decideConditions(this.#planned.document, isTrue));
    const source = { schema, fragments: this.#fragments, clientName, hiddenName, isIncluded: isAsked };
    return {
      primary: compilePrimary(plan, this.#supergraph),
      step: compileSteps(plan, this.#supergraph, isTrue),
      shape: new ObjectShape(source, this.#root, [this.#selectionSet]),
    };
  }
}

/** Whether an error says already why there is nothing at a place: it lies above or below it. */
function isExplained(place: readonly (string | number)[], errors: readonly GraphQLError[]): boolean {
  return errors.some(({ path = [] }) => {
    const shared = Math.min(path.length, place.length);
    for (let index = 0; index < shared; index += 1) if (path[index] !== place[index]) return false;
    return true;
  });
}
