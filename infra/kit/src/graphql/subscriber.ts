import {
  createSourceEventStream,
  execute,
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Versioned } from '../cache/versioned-cache.ts';
import { onBehalfOfOperation } from '../database/operation-scope.ts';
import type { OperationRequest } from '../hop/server.ts';
import type { OpenSubscription, SubscribeOperation, SubscriptionResult } from '../hop/subscription-route.ts';
import type { Logger } from '../service/logger.ts';
import type { OperationContext } from './context.ts';
import { createErrorFormatter, shownError } from './errors.ts';
import { pickLanguage } from '../hop/language.ts';

/** Documents that are kept parsed and validated. */
const maxDocuments = 500;
/** Codes by which a resolver says that this caller is not to get this, now or later. */
const refusals = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']);

export interface SubscriberOptions<Context extends OperationContext> {
  schema: GraphQLSchema;
  log: Logger;
  /** As for queries; called once an event, so that no loader remembers what it saw at the last one. */
  createContext: (base: OperationContext) => Context;
}

function isRefusal({ data, errors }: FormattedExecutionResult): boolean {
  return data == null && errors?.some(({ extensions }) => refusals.has(extensions?.['code'])) === true;
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { noLocation: true });
  } catch (error) {
    throw shownError('GRAPHQL_PARSE_FAILED', error instanceof Error ? error.message : 'This is no document.');
  }
}

/** What graphql-js says before any resolver has run, which has no path, is about the variables. */
function withCode(error: GraphQLError): GraphQLError {
  return error.path === undefined ? shownError('BAD_USER_INPUT', error.message) : error;
}

/** What a `subscribe` of a subgraph gives: states of something, with their versions. */
type Source = AsyncIterableIterator<Versioned<unknown>>;

/**
 * Runs subscriptions of a subgraph. The field's `subscribe` gives states with versions (see `createVersionWatch`), its
 * `resolve` makes the value of each: whether the caller may see it is asked there, and so at every event.
 */
export function createSubscriber<Context extends OperationContext>(
  options: SubscriberOptions<Context>,
): SubscribeOperation {
  const { schema, log } = options;
  const documents = new LRUCache<string, DocumentNode>({ max: maxDocuments });
  const formatError = createErrorFormatter(log);

  function format({ data, errors }: ExecutionResult): FormattedExecutionResult {
    if (errors === undefined) return { data: data ?? null };
    return { data: data ?? null, errors: errors.map((error) => formatError(error.toJSON(), error)) };
  }

  function documentOf(query: string): DocumentNode {
    const known = documents.get(query);
    if (known !== undefined) return known;
    const document = parsed(query);
    const [wrong] = validate(schema, document);
    if (wrong !== undefined) {
      // A scalar says of a wrong value that it is the client’s to mend.
      const { code } = wrong.extensions;
      throw shownError(typeof code === 'string' ? code : 'GRAPHQL_VALIDATION_FAILED', wrong.message);
    }
    documents.set(query, document);
    return document;
  }

  function contextOf(operation: OperationRequest): Context {
    return options.createContext({
      caller: operation.caller,
      requestId: operation.requestId,
      language: pickLanguage(operation.language),
      deadlineAtMs: undefined,
      log: log.child({ requestId: operation.requestId }),
    });
  }

  async function* resultsOf(
    source: Source,
    resolve: (state: Versioned<unknown>) => Promise<FormattedExecutionResult>,
  ): AsyncGenerator<SubscriptionResult> {
    for await (const state of source) {
      const response = await onBehalfOfOperation(() => resolve(state));
      yield { version: String(state.version), response, isRefusal: isRefusal(response) };
    }
  }

  function refuse(error: unknown): OpenSubscription {
    if (!(error instanceof GraphQLError)) throw error;
    return { refusal: format({ errors: [error] }) };
  }

  return async (operation) => {
    let document: DocumentNode;
    try {
      document = documentOf(operation.query);
    } catch (error) {
      return refuse(error);
    }
    const { operationName, variables: variableValues } = operation;
    if (getOperationAST(document, operationName)?.operation !== 'subscription')
      return refuse(shownError('BAD_REQUEST', 'Only a subscription has a stream.'));
    const common = { schema, document, operationName, variableValues };
    const source = await onBehalfOfOperation(() =>
      createSourceEventStream({ ...common, contextValue: contextOf(operation) }),
    );
    if (!(Symbol.asyncIterator in source))
      return { refusal: format({ errors: source.errors?.map(withCode) ?? [] }) };
    const states = source as Source;
    return {
      results: resultsOf(states, async (state) =>
        format(await execute({ ...common, rootValue: state, contextValue: contextOf(operation) })),
      ),
      stop: () => void states.return?.(),
    };
  };
}
