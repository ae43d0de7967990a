import {
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { Completion } from './complete.ts';
import { Execution } from './execution.ts';
import { introspect } from './introspection.ts';
import type { JsonObject } from './json.ts';
import { OperationRefused, refuseReservedNames, requireRoot } from './operation-refused.ts';
import { OperationVariants, type Variants } from './operation-variants.ts';
import { writeVariables } from './fetch.ts';
import type { CallSubgraph, FetchAnswer, FetchRequest } from './subgraph-call.ts';
import type { ClientOperation, Supergraph } from './supergraph.ts';
import { compileVariableCheck } from './variable-check.ts';

/** What is asked of a subgraph for the stream of a subscription. */
export type StreamRequest = Pick<FetchRequest, 'subgraph' | 'head' | 'variables'>;

export interface OperationResult {
  data?: JsonObject | null;
  errors?: readonly GraphQLError[];
}

/** An operation of a client, planned and compiled once. */
export class CompiledOperation {
  readonly #supergraph: Supergraph;
  /** What the client sees of the graph: of inputs and of introspection nothing else may count. */
  readonly #schema: GraphQLSchema;
  readonly #definition: OperationDefinitionNode;
  readonly #document: DocumentNode;
  readonly #areRight: (given: Readonly<Record<string, unknown>>) => boolean;
  readonly #variants: OperationVariants;

  /** @throws GraphQLError when there is no such operation, or it cannot be planned. */
  constructor(supergraph: Supergraph, asked: ClientOperation, kept: Variants) {
    const { view, document, operationName, overrides = [] } = asked;
    const definition = getOperationAST(document, operationName);
    if (definition == null)
      throw new OperationRefused('There is no operation of that name.', 'OPERATION_RESOLUTION_FAILURE');
    this.#supergraph = supergraph;
    this.#schema = supergraph.schemaOf(view);
    this.#document = document;
    this.#definition = definition;
    const root = requireRoot(this.#schema, definition);
    refuseReservedNames(document, definition);
    this.#areRight = compileVariableCheck(this.#schema, definition.variableDefinitions ?? []);
    this.#variants = new OperationVariants(
      { supergraph, schema: this.#schema, root, document, definition, overrides },
      kept,
    );
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
    const { primary } = this.#variants.of(given);
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
    const { primary, step, shape } = this.#variants.of(given);
    const execution = new Execution<Context>({
      variables: given,
      relations: this.#supergraph.relations,
      clientPaths: this.#variants.clientPaths,
      call,
      context,
    });
    if (primary !== null && event !== null) execution.begin(primary, event);
    if (step !== null) await execution.run(step);
    const introspection = introspect(this.#schema, this.#document, this.#definition, given);
    const completion = new Completion(introspection);
    const data = completion.complete(shape, execution.data);
    const errors = execution.errorsFor(shape);
    for (const { path, reason } of completion.places) {
      const isOfLostRoot = execution.isRootLost && path.length === 1;
      if (!isOfLostRoot && !isExplained(path, errors))
        errors.push(new GraphQLError(`A subgraph brought ${reason}.`, { path }));
    }
    return errors.length === 0 ? { data } : { data, errors };
  }

  #checkVariables(given: Readonly<Record<string, unknown>>): readonly GraphQLError[] | undefined {
    const definitions = this.#definition.variableDefinitions ?? [];
    if (this.#areRight(given)) return undefined;
    return getVariableValues(this.#schema, definitions, { ...given }).errors;
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
